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
        var owner = await users.FindOwnerAsync(context).ConfigureAwait(false);
        var status = await account.GetStatusAsync(context, context.RequestAborted).ConfigureAwait(false);
        if (cookies.Read<UnsavedCodes>(context) is not { } unsaved || unsaved.Owner != owner?.Owner
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
        HttpContext context, PageForm form, MfaAccount account, PageCookies cookies, PageResponder pages)
    {
        var unsaved = cookies.Read<UnsavedCodes>(context) ?? new UnsavedCodes(string.Empty);
        var saved = await account.AcknowledgeRecoveryCodesAsync(context, form.SetId ?? unsaved.SetId, context.RequestAborted)
            .ConfigureAwait(false);
        cookies.Delete<UnsavedCodes>(context);

        // Also if the codes are others by now: the change that issued them has not ended other sessions yet.
        await pages.ChangedAsync(context).ConfigureAwait(false);
        if (!saved.Succeeded)
        {
            return pages.Tell(context, new Notice(string.Empty, "Notice.NotSaved") { IsError = true });
        }

        return unsaved.ReturnPath is { } path ? new SeeOther(path) : pages.Tell(
            context,
            new Notice(unsaved.Next, unsaved.NextNotice)
            {
                IsError = unsaved.NextNotice.StartsWith("Outcome.", StringComparison.Ordinal),
            });
    }

    private static Task<IResult> AskAsync(HttpContext context, Change change) =>
        change.AskAsync(context, new MfaPage(MfaScreen.Confirm, change.PathOf(context)) { Purpose = "Regenerate" }, NewPage);

    private static async Task<IResult> RegenerateAsync(HttpContext context, PageForm form, MfaAccount account, Change change) =>
        await change.AnswerAsync(
            context,
            await account.RegenerateRecoveryCodesAsync(context, form.Code, form.Attempt, context.RequestAborted).ConfigureAwait(false),
            NewPage,
            "Notice.Saved").ConfigureAwait(false);
}
