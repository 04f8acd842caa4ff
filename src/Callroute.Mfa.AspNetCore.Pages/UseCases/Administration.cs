using Callroute.Mfa.AspNetCore.Pages.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Finds users for an administrator, shows their status and history, unlocks and resets.</summary>
/// <remarks>Addresses appear in logs, so the address of a user is an encrypted token.</remarks>
internal sealed class Administration(
    MfaService mfa, AdministeredUsers users, PageUser session, PageCookies cookies, PageResponder pages, PageTexts texts)
{
    public const string Page = "/administration";
    private const string Unlock = "Unlock";
    private const string Reset = "Reset";
    private const string UserPage = Page + "/users/{user}";

    public static void Map(RouteGroupBuilder group, string policy)
    {
        group.MapGet(Page, (HttpContext context, Administration pages) => pages.ShowSearchAsync(context));
        group.MapPost(Page, (HttpContext context, PageForm form, Administration pages) => pages.Search(context, form));
        group.MapGet(UserPage, (HttpContext context, string user, Administration pages) => pages.ShowUserAsync(context, user));
        foreach (var change in (string[])[Unlock, Reset])
        {
            var page = $"{UserPage}/{change.ToLowerInvariant()}";
            group.MapGet(page, (HttpContext context, string user, Administration pages) => pages.AskAsync(context, user, change));
            group.MapPost(page, (HttpContext context, PageForm form, string user, Administration pages) =>
                pages.ChangeAsync(context, form, user, change, policy));
        }
    }

    private static string PathOf(string user, string? change = null) =>
        $"{Page}/users/{user}{(change is null ? null : "/")}{change?.ToLowerInvariant()}";

    private async Task<IResult> ShowSearchAsync(HttpContext context)
    {
        var search = cookies.Read<UserSearch>(context);
        var text = search?.Owner == PageUser.Remembered(context) ? search?.Text : null;
        var page = new MfaPage(typeof(AdministrationScreen), "Administration", pages.PathOf(context))
        {
            Search = text,
            Found = await FindAsync(context, text).ConfigureAwait(false),
        };
        return pages.Show(context, page, Page);
    }

    private SeeOther Search(HttpContext context, PageForm form)
    {
        cookies.Write(context, new UserSearch(form.Search, PageUser.Remembered(context)));
        return pages.Lead(context, Page);
    }

    private async Task<IResult> ShowUserAsync(HttpContext context, string user)
    {
        if (await OpenAsync(context, user).ConfigureAwait(false) is not (var subject, var name))
        {
            return NotFound(context);
        }

        var page = new MfaPage(typeof(AdministrationUserScreen), "AdministrationUser", pages.PathOf(context))
        {
            Subtitle = name,
            User = user,
            Status = await FindStatusAsync(subject, context.RequestAborted).ConfigureAwait(false),
        };
        return pages.Show(context, page, PathOf(user));
    }

    private async Task<IResult> AskAsync(HttpContext context, string user, string change) =>
        await OpenAsync(context, user).ConfigureAwait(false) is (_, var name)
            ? pages.Show(
                context,
                new MfaPage(typeof(AdministrationChangeScreen), change, pages.PathOf(context)) { Subtitle = name, User = user },
                PathOf(user, change))
            : NotFound(context);

    private async Task<IResult> ChangeAsync(HttpContext context, PageForm form, string user, string change, string policy)
    {
        if (await OpenAsync(context, user).ConfigureAwait(false) is not (var subject, _))
        {
            return NotFound(context);
        }

        // The name comes first: the history shortens a long reason.
        var reason = $"{await FindOwnNameAsync(context).ConfigureAwait(false)}: {form.Reason}";
        var refusal = await context.AdministerMfaAsync(
            policy,
            subject,
            change.ToLowerInvariant(),
            form.Reason,
            found => change == Reset ? mfa.ResetAsync(found, reason) : mfa.UnlockAsync(found, reason)).ConfigureAwait(false);
        return refusal is null
            ? pages.Tell(context, change == Reset ? "Notice.Reset" : "Notice.Unlocked", PathOf(user))
            : pages.Tell(context, new Notice(PathOf(user, change), KeyOf(refusal.ProblemDetails.Type!)) { IsError = true });
    }

    private SeeOther NotFound(HttpContext context) =>
        pages.Tell(context, new Notice(Page, "Refused.user-not-found") { IsError = true });

    private string KeyOf(string problem)
    {
        var key = $"Refused.{problem[(problem.LastIndexOf(':') + 1)..]}";
        return texts.Find(key) is null ? $"Message.{UserMessage.TryLater}" : key;
    }

    private async Task<IReadOnlyList<(string User, string Name)>> FindAsync(HttpContext context, string? text) =>
    [
        .. (await users.SearchAsync(context, text, tenant: null).ConfigureAwait(false))
            .Select(found => (cookies.Seal(new FoundUser(found.Subject.UserId, found.Subject.Tenant)), NameOf(found))),
    ];

    /// <returns>The user of a token; null if it is not ours, or the administrator may not reach the user any more.</returns>
    private async Task<(MfaSubject Subject, string Name)?> OpenAsync(HttpContext context, string user) =>
        cookies.Open<FoundUser>(user) is { } token
        && await users.FindAsync(context, token.UserId, token.Tenant).ConfigureAwait(false) is { } found
            ? (found.Subject, NameOf(found))
            : null;

    // The application gives no name for a user who may not sign in now.
    private static string NameOf((MfaSubject Subject, MfaUser? Row) found) => found.Row?.AccountName ?? found.Subject.UserId;

    private async Task<string> FindOwnNameAsync(HttpContext context) =>
        await session.FindRowAsync(context).ConfigureAwait(false) is { } row ? row.AccountName
            : users.FindAdministrator(context)!.Value.UserId;

    /// <returns>The status; null if the user's record cannot be read, which a reset repairs.</returns>
    private async Task<MfaStatus?> FindStatusAsync(MfaSubject subject, CancellationToken cancellationToken)
    {
        try
        {
            return await mfa.GetStatusAsync(subject, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
