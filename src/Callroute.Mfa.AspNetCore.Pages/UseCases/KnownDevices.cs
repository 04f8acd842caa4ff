using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Forgets one known device, or all of them.</summary>
internal static class KnownDevices
{
    private const string Page = "/devices/{id:guid?}";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet(Page, AskAsync);
        group.MapPost(Page, ForgetAsync);
    }

    private static Task<IResult> AskAsync(HttpContext context, Guid? id, Change change) =>
        change.AskAsync(
            context,
            status => id is { } device && !status.KnownDevices.ContainsKey(device)
                ? null
                : new(MfaScreen.Confirm, change.PathOf(context)) { Purpose = id is null ? "ForgetAll" : "Forget" },
            PathOf(id));

    private static async Task<IResult> ForgetAsync(HttpContext context, Guid? id, PageForm form, MfaAccount account, Change change) =>
        await change.AnswerAsync(
            context,
            await account.RevokeKnownDevicesAsync(context, id, form.Code, form.Attempt, context.RequestAborted).ConfigureAwait(false),
            PathOf(id),
            "Notice.Forgotten").ConfigureAwait(false);

    private static string PathOf(Guid? id) => id is null ? "/devices" : $"/devices/{id}";
}
