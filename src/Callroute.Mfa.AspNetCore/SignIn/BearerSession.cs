using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Signs in with the scheme of <c>AddBearerToken</c>.</summary>
internal static class BearerSession
{
    /// <returns>The tokens that the scheme wrote. They are not in the response yet, which has more to tell than them.</returns>
    public static async Task<AccessTokenResponse> SignInAsync(
        HttpContext context, string scheme, ClaimsPrincipal principal, AuthenticationProperties properties)
    {
        var (response, type) = (context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), context.Response.ContentType);
        using var written = new MemoryStream();
        try
        {
            var captured = new StreamResponseBodyFeature(written);
            context.Features.Set<IHttpResponseBodyFeature>(captured);
            await context.SignInAsync(scheme, principal, properties).ConfigureAwait(false);
            await captured.CompleteAsync().ConfigureAwait(false);
        }
        finally
        {
            context.Features.Set(response);
            context.Response.ContentType = type;
        }

        return JsonSerializer.Deserialize(written.ToArray(), MfaJson.Default.AccessTokenResponse)
            ?? throw new InvalidOperationException($"The authentication scheme '{scheme}' wrote no tokens.");
    }
}
