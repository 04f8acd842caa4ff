using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Verifies a code before something else of the application, and leads back there.</summary>
internal static class StepUp
{
    private const string Page = "/step-up";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet(Page, AskAsync);
        group.MapPost(Page, VerifyAsync);
    }

    private static async Task<IResult> AskAsync(
        HttpContext context, string? returnUrl, Change change, MfaAccount account, SetUp setUp)
    {
        var path = LocalPath.Check(returnUrl);
        return path is not null && !(await account.GetStatusAsync(context, context.RequestAborted).ConfigureAwait(false)).IsEnabled
            ? await setUp.LeadAsync(context, path).ConfigureAwait(false)
            : await change.AskAsync(context, _ => new(MfaScreen.StepUp, change.PathOf(context)), PathOf(path)).ConfigureAwait(false);
    }

    private static async Task<IResult> VerifyAsync(
        HttpContext context, string? returnUrl, PageForm form, MfaAccount account, PageResponder pages)
    {
        var path = LocalPath.Check(returnUrl);
        var result = await account.StepUpAsync(context, form.Code, form.Attempt, context.RequestAborted).ConfigureAwait(false);
        return result switch
        {
            { Succeeded: true, ReplacementRecoveryCodes: { } codes } =>
                await pages.IssueAsync(context, codes, new UnsavedCodes("Codes.New") { ReturnPath = path }).ConfigureAwait(false),
            { Succeeded: true } => path is null ? pages.Lead(context) : new SeeOther(path),
            _ => pages.Refuse(context, result, PathOf(path)),
        };
    }

    private static string PathOf(string? returnPath) =>
        returnPath is null ? Page : $"{Page}?returnUrl={Uri.EscapeDataString(returnPath)}";
}
