using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>
/// Sets up an authenticator: the first one, another one, or one in place of another. For those who are signed in, and for those who are
/// half signed in to do this and nothing else.
/// </summary>
internal sealed class SetUp(
    MfaAccount account,
    MfaSignIn signIn,
    PageUser users,
    PageCookies cookies,
    PageResponder pages,
    IOptions<MfaSignInOptions> options,
    IOptions<MfaOptions> limits)
{
    public const string Page = "/set-up";
    private const string VerifyPage = Page + "/verify";
    private const string CancelPage = Page + "/cancel";
    private const string Confirmed = "Outcome.Confirmed";
    private const string ReplacePage = "/authenticators/{replaces:guid}/replace";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet(Page, (HttpContext context, SetUp setUp) => setUp.ShowAsync(context, null));
        group.MapPost(Page, (HttpContext context, PageForm form, SetUp setUp) => setUp.BeginAsync(context, form, null));
        group.MapGet(ReplacePage, (HttpContext context, Guid replaces, SetUp setUp) => setUp.ShowAsync(context, replaces));
        group.MapPost(ReplacePage, (HttpContext context, PageForm form, Guid replaces, SetUp setUp) =>
            setUp.BeginAsync(context, form, replaces));
        group.MapPost(VerifyPage, (HttpContext context, PageForm form, SetUp setUp) => setUp.VerifyAsync(context, form));
        group.MapPost(CancelPage, (HttpContext context, SetUp setUp) => setUp.Cancel(context));
        group.MapLead(VerifyPage, Page);
        group.MapLead(CancelPage, Page);
    }

    /// <returns>Whether the user may have one more authenticator.</returns>
    public static bool CanAdd(MfaStatus status, MfaOptions limits) => status.Authenticators.Count < limits.MaximumAuthenticators;

    /// <summary>Leads a user without MFA from a page that needs it to the set-up, and back to that page when it is done.</summary>
    public async Task<IResult> LeadAsync(HttpContext context, string returnPath)
    {
        if (await FindOwnerAsync(context).ConfigureAwait(false) is { } owner)
        {
            cookies.Write(context, new PageWanted(returnPath, owner));
        }

        return pages.Tell(context, new Notice(Page, $"Outcome.{MfaChangeOutcome.NotEnrolled}") { IsError = true });
    }

    private static string PathOf(Guid? replaces) => replaces is { } id ? $"/authenticators/{id}/replace" : Page;

    private async Task<IResult> ShowAsync(HttpContext context, Guid? replaces)
    {
        var pending = await FindPendingAsync(context).ConfigureAwait(false);
        if (await RefuseAsync(context, pending?.EnrollmentId).ConfigureAwait(false) is { } refused)
        {
            return refused;
        }

        var user = await users.FindAsync(context).ConfigureAwait(false);
        if (await ResumeAsync(context, replaces).ConfigureAwait(false) is not { } offer)
        {
            return await AskAsync(context, replaces, user, pending).ConfigureAwait(false);
        }

        var page = new MfaPage(MfaScreen.SetUp, pages.PathOf(context))
        {
            Offer = offer,
            IsSignedIn = user is not null,

            // The app has another entry of the same issuer.
            Subtitle = HasMfa(user) ? offer.Uri!.AccountName : string.Empty,
        };
        return pages.Show(context, page, PathOf(replaces));
    }

    private async Task<IResult> AskAsync(HttpContext context, Guid? replaces, ClaimsPrincipal? user, PendingSetUp? pending)
    {
        var hasMfa = HasMfa(user);
        if (hasMfa && await FindRefusalAsync(context, replaces).ConfigureAwait(false) is { } refusal)
        {
            return pages.LeadBack(context, refusal);
        }

        var page = new MfaPage(MfaScreen.Begin, pages.PathOf(context))
        {
            Purpose = user is null ? "BeginRequired" : !hasMfa ? "Begin" : replaces is null ? "Add" : "Replace",
            IsSignedIn = user is not null,
            AsksForCode = hasMfa && await account.RequiresCodeForChangesAsync(context).ConfigureAwait(false),
            EndsOther = pending is not null && pending.Replaces != replaces,
        };
        return pages.Show(context, page, PathOf(replaces));
    }

    private static bool HasMfa(ClaimsPrincipal? user) => user?.HasClaim(MfaClaims.Methods, MfaClaims.Mfa) == true;

    /// <returns>The reason if the library refuses the form for every code; null if it may accept the form.</returns>
    private async Task<MfaChangeOutcome?> FindRefusalAsync(HttpContext context, Guid? replaces)
    {
        var status = await account.GetStatusAsync(context, context.RequestAborted).ConfigureAwait(false);
        var isThere = replaces is null || status.Authenticators.Any(authenticator => authenticator.Id == replaces);

        // A new authenticator removes those that are locked out for good, so their number does not count then.
        var mayAdd = CanAdd(status, limits.Value)
            || status is { TotpOnKnownDevices.IsLockedOut: true, TotpOnUnknownDevices.IsLockedOut: true };
        return !isThere ? MfaChangeOutcome.NotFound
            : replaces is null && !mayAdd ? MfaChangeOutcome.LimitReached
            : null;
    }

    private async Task<IResult> BeginAsync(HttpContext context, PageForm form, Guid? replaces)
    {
        if (await RefuseAsync(context, null).ConfigureAwait(false) is { } refused)
        {
            return refused;
        }

        // A second tab shows the set-up of the first one: another one would end it. A form that is sent again
        // shows its recovery code first.
        if (await ResumeAsync(context, replaces).ConfigureAwait(false) is not null)
        {
            return pages.Lead(context, cookies.Read<UnsavedCodes>(context) is null ? PathOf(replaces) : RecoveryCodes.Page);
        }

        using var offer = await account.BeginEnrollmentAsync(
            context, form.Code, replaces, form.Name, form.Attempt, context.RequestAborted).ConfigureAwait(false);
        if (offer.Outcome == MfaChangeOutcome.SignInRequired)
        {
            return await LeadToSignInAsync(context, $"Outcome.{offer.Outcome}").ConfigureAwait(false);
        }

        if (!offer.Succeeded)
        {
            return await pages.RefuseAsync(context, offer.Outcome, offer.Verification, PathOf(replaces)).ConfigureAwait(false);
        }

        cookies.Write(context, new PendingSetUp(offer.EnrollmentId, replaces, await FindOwnerAsync(context).ConfigureAwait(false)));
        return offer.Verification?.ReplacementRecoveryCodes is { } codes
            ? await pages.IssueAsync(context, codes, new UnsavedCodes("Codes.New") { Next = PathOf(replaces) }).ConfigureAwait(false)
            : pages.Lead(context, PathOf(replaces));
    }

    private async Task<IResult> VerifyAsync(HttpContext context, PageForm form)
    {
        var id = form.EnrollmentId ?? Guid.Empty;
        var challenge = await signIn.FindChallengeAsync(context).ConfigureAwait(false);
        var isSignedIn = await users.FindAsync(context).ConfigureAwait(false) is not null;
        if (await RefuseAsync(context, id).ConfigureAwait(false) is { } refused)
        {
            return refused;
        }

        var result = await account.ConfirmEnrollmentAsync(context, id, form.Code, context.RequestAborted).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            return await RefuseAsync(context, id, result, isSignedIn).ConfigureAwait(false);
        }

        var returnPath = isSignedIn ? await TakeWantedAsync(context).ConfigureAwait(false) : challenge?.ReturnPath;
        cookies.Delete<PendingSetUp>(context);
        await pages.ChangedAsync(context).ConfigureAwait(false);
        return result.RecoveryCodes is { } codes
            ? await pages.IssueAsync(
                context,
                codes,
                new UnsavedCodes("Codes.Enabled") { NextNotice = "Notice.Enabled", ReturnPath = returnPath },
                isSignedIn ? null : (challenge!.Subject, result.ConfirmedAt!.Value)).ConfigureAwait(false)
            : pages.Tell(context, "Notice.Added");
    }

    private SeeOther Cancel(HttpContext context)
    {
        cookies.Delete<PendingSetUp>(context);
        return pages.Lead(context);
    }

    private async Task<IResult> RefuseAsync(HttpContext context, Guid id, MfaChangeResult result, bool isSignedIn)
    {
        if (result.Outcome == MfaChangeOutcome.WrongCode && await IsConfirmedAsync(context, id).ConfigureAwait(false))
        {
            cookies.Delete<PendingSetUp>(context);
            return await account.FindSubjectAsync(context).ConfigureAwait(false) is null
                ? await LeadToSignInAsync(context, Confirmed).ConfigureAwait(false)
                : pages.Tell(context, Confirmed);
        }

        var pending = await FindPendingAsync(context).ConfigureAwait(false);
        return Refuse(context, result, PathOf(pending?.EnrollmentId == id ? pending.Replaces : null), isSignedIn);
    }

    // Only an enrolment that is over because a code was right still looks at codes: the same one gets the same answer.
    private async Task<bool> IsConfirmedAsync(HttpContext context, Guid id)
    {
        using var offer = await account.ResumeEnrollmentAsync(context, id, context.RequestAborted).ConfigureAwait(false);
        return offer.Outcome == MfaChangeOutcome.NotFound;
    }

    private async Task<IResult> LeadToSignInAsync(HttpContext context, string key) =>
        await users.FindAsync(context).ConfigureAwait(false) is null
            ? await SignIn.EndAsync(context, key, signIn, pages).ConfigureAwait(false)
            : pages.Tell(context, key, SignIn.AgainPage);

    /// <returns>The page that this session asked for before it had MFA; null for none.</returns>
    private async Task<string?> TakeWantedAsync(HttpContext context)
    {
        var wanted = cookies.Read<PageWanted>(context);
        cookies.Delete<PageWanted>(context);
        return wanted?.Owner == await FindOwnerAsync(context).ConfigureAwait(false) ? wanted?.ReturnPath : null;
    }

    private SeeOther Refuse(HttpContext context, MfaChangeResult result, string path, bool isSignedIn)
    {
        // The last try ends the set-up too.
        var hasEnded = result is { Outcome: MfaChangeOutcome.Expired or MfaChangeOutcome.NotFound }
            or { Outcome: MfaChangeOutcome.WrongCode, TriesLeft: 0 };
        if (hasEnded)
        {
            cookies.Delete<PendingSetUp>(context);
        }

        var shown = hasEnded ? MfaChangeOutcome.Expired : result.Outcome;
        return pages.Tell(
            context, new Notice(hasEnded && isSignedIn ? string.Empty : path, $"Outcome.{shown}") { IsError = true });
    }

    /// <returns>The set-up of this browser for the same purpose; null if there is none or it has ended.</returns>
    private async Task<EnrollmentOffer?> ResumeAsync(HttpContext context, Guid? replaces)
    {
        if (await FindPendingAsync(context).ConfigureAwait(false) is not { } pending || pending.Replaces != replaces)
        {
            return null;
        }

        var offer = await account.ResumeEnrollmentAsync(context, pending.EnrollmentId, context.RequestAborted).ConfigureAwait(false);
        context.Response.RegisterForDispose(offer);
        if (offer.Succeeded)
        {
            return offer;
        }

        cookies.Delete<PendingSetUp>(context);
        return null;
    }

    private async Task<PendingSetUp?> FindPendingAsync(HttpContext context) =>
        cookies.Read<PendingSetUp>(context) is { } pending
        && await FindOwnerAsync(context).ConfigureAwait(false) is { } owner && pending.Owner == owner
            ? pending
            : null;

    /// <returns>A name for the session, or for the sign-in of a user who is half signed in; null if there is none.</returns>
    private async Task<string?> FindOwnerAsync(HttpContext context) =>
        await users.FindAsync(context).ConfigureAwait(false) is not null
            ? (await users.FindOwnerAsync(context).ConfigureAwait(false))?.Owner
        : await signIn.FindChallengeAsync(context).ConfigureAwait(false) is { } challenge
            ? PageUser.OwnerOf(challenge.Subject, challenge.ExpiresAt)
            : null;

    /// <returns>Where to go if nobody may enrol; null to go on.</returns>
    private async Task<IResult?> RefuseAsync(HttpContext context, Guid? enrollmentId)
    {
        if (await account.FindSubjectAsync(context, enrollmentId).ConfigureAwait(false) is not null
            && await FindOwnerAsync(context).ConfigureAwait(false) is not null)
        {
            return null;
        }

        if (!HttpMethods.IsGet(context.Request.Method))
        {
            return pages.Lead(context, Page);
        }

        if (await users.FindAsync(context).ConfigureAwait(false) is not null)
        {
            return SignIn.Again(context, pages);
        }

        // An application that leads from its sign-in to here would lead back for ever.
        if (await signIn.FindChallengeAsync(context).ConfigureAwait(false) is { IsEnrollment: true })
        {
            await signIn.CancelAsync(context).ConfigureAwait(false);
        }

        return TypedResults.Challenge(
            new AuthenticationProperties { RedirectUri = pages.PathOf(context, Page) },
            options.Value.Scheme is { } scheme ? [scheme] : []);
    }
}
