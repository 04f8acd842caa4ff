using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Asks a user who is half signed in for a code, and signs them in.</summary>
internal static class SignIn
{
    public const string Page = "/sign-in";
    private const string RecoveryPage = Page + "/recovery";
    private const string CancelPage = Page + "/cancel";

    /// <summary>Where a session leads that began before MFA was disabled or reset, and may be a thief's.</summary>
    public const string AgainPage = Page + "/again";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet(Page, (HttpContext context, MfaSignIn signIn, PageUser users, PageResponder pages) =>
            AskAsync(context, MfaScreen.SignIn, signIn, users, pages));
        group.MapGet(RecoveryPage, (HttpContext context, MfaSignIn signIn, PageUser users, PageResponder pages) =>
            AskAsync(context, MfaScreen.Recovery, signIn, users, pages));
        group.MapPost(Page, (HttpContext context, PageForm form, MfaSignIn signIn, PageResponder pages) =>
            VerifyAsync(context, Page, form, signIn, pages));
        group.MapPost(RecoveryPage, (HttpContext context, PageForm form, MfaSignIn signIn, PageResponder pages) =>
            VerifyAsync(context, RecoveryPage, form, signIn, pages));
        group.MapPost(CancelPage, CancelAsync);
        group.MapLead(CancelPage, Page);
        group.MapGet(AgainPage, AgainAsync);
        group.MapPost(AgainPage, SignOutAsync);
    }

    /// <summary>Says that the session is not enough, with a button that ends it.</summary>
    public static IResult Again(HttpContext context, PageResponder pages, string? returnPath = null) =>
        pages.Show(
            context,
            new MfaPage(MfaScreen.SignInAgain, pages.PathOf(context))
            {
                IsSignedIn = true,
                ReturnPath = returnPath,
            },
            AgainPage,
            StatusCodes.Status403Forbidden);

    /// <summary>Ends the sign-in of a user who is half signed in, and leads to a page that says why.</summary>
    public static async Task<IResult> EndAsync(HttpContext context, string key, MfaSignIn signIn, PageResponder pages)
    {
        await signIn.CancelAsync(context).ConfigureAwait(false);
        PageUser.Forget(context);
        return pages.Tell(context, new Notice(Page, key) { IsError = true });
    }

    // A user who may not set up has MFA already.
    private static async Task<IResult> AgainAsync(HttpContext context, MfaAccount account, PageUser users, PageResponder pages)
    {
        if (await users.FindAsync(context).ConfigureAwait(false) is null)
        {
            return pages.Lead(context, SetUp.Page);
        }

        var maySetUp = await account.FindSubjectAsync(context).ConfigureAwait(false) is not null;
        return Again(context, pages, pages.PathOf(context, maySetUp ? SetUp.Page : string.Empty));
    }

    private static async Task<IResult> AskAsync(
        HttpContext context, MfaScreen screen, MfaSignIn signIn, PageUser users, PageResponder pages)
    {
        var challenge = await signIn.FindChallengeAsync(context).ConfigureAwait(false);
        if (challenge is { IsEnrollment: true })
        {
            return pages.Lead(context, SetUp.Page);
        }

        if (challenge is null && await users.FindAsync(context).ConfigureAwait(false) is not null)
        {
            return Home(context);
        }

        var shown = challenge is null ? MfaScreen.SignInAgain : screen;
        return pages.Show(
            context,
            new MfaPage(shown, pages.PathOf(context)),
            screen == MfaScreen.SignIn ? Page : RecoveryPage);
    }

    private static async Task<IResult> VerifyAsync(
        HttpContext context, string page, PageForm form, MfaSignIn signIn, PageResponder pages)
    {
        var challenge = await signIn.FindChallengeAsync(context).ConfigureAwait(false);
        var result = await signIn.VerifyAsync(context, form.Code, form.RemembersBrowser, context.RequestAborted).ConfigureAwait(false);
        return result switch
        {
            null when challenge is not { IsEnrollment: false } => pages.Lead(context, Page),
            null or { UserMessage: UserMessage.StartOver } =>
                await EndAsync(context, $"Message.{UserMessage.StartOver}", signIn, pages).ConfigureAwait(false),
            { Succeeded: true, ReplacementRecoveryCodes: { } codes } => await pages.IssueAsync(
                context,
                codes,
                new UnsavedCodes("Codes.Recovered") { ReturnPath = challenge!.ReturnPath },
                (challenge.Subject, result.VerifiedAt!.Value)).ConfigureAwait(false),
            { Succeeded: true } => challenge!.ReturnPath is { } path ? new SeeOther(path) : Home(context),
            _ => pages.Refuse(context, result, page, form.RemembersBrowser),
        };
    }

    private static async Task<IResult> CancelAsync(HttpContext context, MfaSignIn signIn, PageResponder pages)
    {
        var path = (await signIn.FindChallengeAsync(context).ConfigureAwait(false))?.ReturnPath;
        await signIn.CancelAsync(context).ConfigureAwait(false);
        return path is null ? pages.Lead(context) : new SeeOther(path);
    }

    // The page that it leads to asks for the first factor.
    private static async Task<IResult> SignOutAsync(HttpContext context, PageForm form, MfaSignIn signIn, PageResponder pages)
    {
        await signIn.SignOutAsync(context).ConfigureAwait(false);
        return form.ReturnPath is { } path ? new SeeOther(path) : pages.Lead(context);
    }

    private static SeeOther Home(HttpContext context) => new($"{context.Request.PathBase}/");
}
