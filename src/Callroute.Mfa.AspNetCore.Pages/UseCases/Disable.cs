using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Warns, and disables MFA.</summary>
internal static class Disable
{
    private const string Page = "/disable";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet(Page, AskAsync);
        group.MapPost(Page, DisableAsync);
    }

    private static async Task<IResult> AskAsync(HttpContext context, Change change, PageUser users, PageResponder pages) =>
        await users.FindRowAsync(context).ConfigureAwait(false) is { Policy: MfaPolicy.Required }
            ? pages.LeadBack(context, MfaChangeOutcome.RequiredByPolicy)
            : await change.AskAsync(context, _ => new(MfaScreen.Disable, change.PathOf(context)), Page).ConfigureAwait(false);

    private static async Task<IResult> DisableAsync(HttpContext context, PageForm form, MfaAccount account, PageResponder pages)
    {
        var result = await account.DisableAsync(context, form.Code, form.Attempt, context.RequestAborted).ConfigureAwait(false);

        // A recovery code that proved it is gone with all the others, so there are none to show.
        return result.Succeeded
            ? await pages.FinishAsync(context, "Notice.Disabled").ConfigureAwait(false)
            : await pages.RefuseAsync(context, result.Outcome, result.Verification, Page).ConfigureAwait(false);
    }
}
