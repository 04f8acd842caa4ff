using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Shows the state of the user's MFA.</summary>
internal static class Security
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/", ShowAsync);

    private static async Task<IResult> ShowAsync(
        HttpContext context, MfaAccount account, PageUser users, IOptions<MfaOptions> options, PageResponder pages)
    {
        var status = await account.GetStatusAsync(context, context.RequestAborted).ConfigureAwait(false);
        var principal = await users.FindAsync(context).ConfigureAwait(false);
        var row = await users.FindRowAsync(context).ConfigureAwait(false);
        var page = new MfaPage(MfaScreen.Security, pages.PathOf(context))
        {
            Status = status,
            IsLost = !status.IsEnabled && await account.FindSubjectAsync(context).ConfigureAwait(false) is null,
            IsRequired = row?.Policy == MfaPolicy.Required,
            IsRecovered = principal!.HasClaim(MfaClaims.Methods, MfaClaims.Recovery),
            CanAdd = SetUp.CanAdd(status, options.Value),
        };
        return pages.Show(context, page, string.Empty);
    }
}
