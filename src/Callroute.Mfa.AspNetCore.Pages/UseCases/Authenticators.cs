using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Renames an authenticator, or removes one of several.</summary>
internal static class Authenticators
{
    private const string Remove = "/authenticators/{id:guid}/remove";
    private const string Rename = "/authenticators/{id:guid}/rename";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet(Remove, AskAsync);
        group.MapPost(Remove, RemoveAsync);
        group.MapPost(Rename, RenameAsync);
        group.MapLead(Rename, string.Empty);
    }

    private static Task<IResult> AskAsync(HttpContext context, Guid id, Change change, PageTexts texts) =>
        change.AskAsync(
            context,
            status => status.Authenticators.FirstOrDefault(authenticator => authenticator.Id == id) is { } authenticator
                ? new(MfaScreen.Confirm, change.PathOf(context)) { Purpose = "Remove", Subtitle = texts.NameOf(authenticator) }
                : null,
            PathOf(id));

    private static async Task<IResult> RemoveAsync(HttpContext context, Guid id, PageForm form, MfaAccount account, Change change) =>
        await change.AnswerAsync(
            context,
            await account.RemoveAuthenticatorAsync(context, id, form.Code, form.Attempt, context.RequestAborted).ConfigureAwait(false),
            PathOf(id),
            "Notice.Removed").ConfigureAwait(false);

    private static async Task<IResult> RenameAsync(
        HttpContext context, Guid id, PageForm form, MfaAccount account, PageResponder pages)
    {
        var result = await account.RenameAuthenticatorAsync(context, id, form.Name, context.RequestAborted).ConfigureAwait(false);
        return result.Succeeded
            ? pages.Tell(context, "Notice.Renamed")
            : await pages.RefuseAsync(context, result.Outcome, null, string.Empty).ConfigureAwait(false);
    }

    private static string PathOf(Guid id) => $"/authenticators/{id}/remove";
}
