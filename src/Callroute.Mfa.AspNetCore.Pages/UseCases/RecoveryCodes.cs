using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Makes new recovery codes, and shows codes until the user says that they are saved.</summary>
internal static class RecoveryCodes
{
    public const string Page = "/recovery-codes";
    private const string NewPage = Page + "/new";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet(Page, ShowAsync);
        group.MapPost(Page, SaveAsync);
        group.MapGet(NewPage, AskAsync);
        group.MapPost(NewPage, RegenerateAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext context, MfaAccount account, PageUser users, PageCookies cookies, PageResponder pages)
    {
        var status = await account.GetStatusAsync(context, context.RequestAborted).ConfigureAwait(false);
        if (await FindShownAsync(context, null, users, cookies).ConfigureAwait(false) is not { } unsaved
            || unsaved.Version != status.BindingVersion)
        {
            cookies.Delete<UnsavedCodes>(context);
            return pages.Lead(context);
        }

        var page = new MfaPage(MfaScreen.RecoveryCodes, pages.PathOf(context))
        {
            Purpose = unsaved.Codes.Count == 1 ? "RecoveryCode" : "RecoveryCodes",
            Subtitle = unsaved.Reason,
            RecoveryCodes = unsaved.Codes,
            SetId = unsaved.SetId,
        };
        return pages.Show(context, page, Page);
    }

    private static async Task<IResult> SaveAsync(
        HttpContext context, PageForm form, MfaAccount account, PageUser users, PageCookies cookies, PageResponder pages)
    {
        var shown = await FindShownAsync(context, form.SetId, users, cookies).ConfigureAwait(false);

        // A page that is older than the cookie may still say that its codes are saved. Only those who saw them know the id of the set.
        var saved = await account.AcknowledgeRecoveryCodesAsync(context, form.SetId ?? shown?.SetId ?? Guid.Empty, context.RequestAborted)
            .ConfigureAwait(false);
        if (shown is not null)
        {
            cookies.Delete<UnsavedCodes>(context);
        }

        // Even if there are newer codes: the change that issued these has not ended the other sessions yet.
        await (saved.Succeeded || shown is not null ? pages.ChangedAsync(context) : Task.CompletedTask).ConfigureAwait(false);
        return saved.Succeeded
            ? Continue(context, shown ?? new UnsavedCodes(string.Empty), pages)
            : pages.Tell(context, new Notice(string.Empty, "Notice.NotSaved") { IsError = true });
    }

    /// <returns>The codes that this session shows; null if there are none, or they are not of the set.</returns>
    private static async Task<UnsavedCodes?> FindShownAsync(HttpContext context, Guid? setId, PageUser users, PageCookies cookies)
    {
        var owner = await users.FindOwnerAsync(context).ConfigureAwait(false);
        return cookies.Read<UnsavedCodes>(context) is { } unsaved && unsaved.Owner == owner?.Owner
            && (setId ?? unsaved.SetId) == unsaved.SetId
                ? unsaved
                : null;
    }

    private static SeeOther Continue(HttpContext context, UnsavedCodes unsaved, PageResponder pages) =>
        unsaved.ReturnPath is { } path ? new SeeOther(path) : pages.Tell(
            context,
            new Notice(unsaved.Next, unsaved.NextNotice)
            {
                IsError = unsaved.NextNotice.StartsWith("Outcome.", StringComparison.Ordinal),
            });

    private static Task<IResult> AskAsync(HttpContext context, Change change) =>
        change.AskAsync(context, _ => new(MfaScreen.Confirm, change.PathOf(context)) { Purpose = "Regenerate" }, NewPage);

    private static async Task<IResult> RegenerateAsync(HttpContext context, PageForm form, MfaAccount account, Change change) =>
        await change.AnswerAsync(
            context,
            await account.RegenerateRecoveryCodesAsync(context, form.Code, form.Attempt, context.RequestAborted).ConfigureAwait(false),
            NewPage,
            "Notice.Saved").ConfigureAwait(false);
}
