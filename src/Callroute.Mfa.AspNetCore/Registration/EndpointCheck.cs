using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Checks which authentication schemes the application's endpoints accept.</summary>
internal sealed class EndpointCheck(EndpointDataSource endpoints, IAuthorizationPolicyProvider policies, string signIn)
{
    /// <returns>Warnings.</returns>
    /// <exception cref="InvalidOperationException">An endpoint accepts half-signed-in users, or the library's endpoints are mapped
    /// twice.</exception>
    public async Task<IEnumerable<string>> FindWarningsAsync()
    {
        RefuseTwice();
        var warnings = new List<string>();
        foreach (var endpoint in endpoints.Endpoints)
        {
            if (await PolicyOfAsync(endpoint).ConfigureAwait(false) is { } policy)
            {
                Refuse(endpoint, policy);
                warnings.AddRange(Warn(endpoint, policy));
            }
        }

        return warnings;
    }

    // Two endpoints with the same name make every request fail.
    private void RefuseTwice()
    {
        var names = endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName);
        if (names.Count(name => name == AccountEndpoints.StatusName) > 1)
        {
            throw new InvalidOperationException($"{nameof(MfaEndpointExtensions.MapMfaEndpoints)} was called twice. Call it once.");
        }
    }

    private static void Refuse(Endpoint endpoint, AuthorizationPolicy policy)
    {
        if (policy.AuthenticationSchemes.Contains(MfaChallenge.Scheme, StringComparer.Ordinal))
        {
            throw new InvalidOperationException(
                $"The endpoint '{endpoint.DisplayName}' accepts the scheme '{MfaChallenge.Scheme}', so a password alone would do. "
                + $"Remove the scheme; {nameof(MfaSignIn)}.{nameof(MfaSignIn.FindChallengeAsync)} finds the user who is half signed in.");
        }
    }

    private IEnumerable<string> Warn(Endpoint endpoint, AuthorizationPolicy policy) =>
        policy.Requirements.OfType<MfaRequirement>().Any()
        && policy.AuthenticationSchemes.Count > 0
        && policy.AuthenticationSchemes.FirstOrDefault(scheme => scheme != signIn) is { } other
            ? [Foreign(endpoint, other)]
            : [];

    private string Foreign(Endpoint endpoint, string other) =>
        $"The endpoint '{endpoint.DisplayName}' asks for MFA of the scheme '{other}', not of '{signIn}' alone, which signs in here: "
        + $"the library cannot vouch for the claim '{MfaClaims.Methods}' of another scheme. Name '{signIn}' in the policy.";

    // A missing policy fails its own requests with a clear message.
    private async Task<AuthorizationPolicy?> PolicyOfAsync(Endpoint endpoint)
    {
        try
        {
            return endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
                ? await AuthorizationPolicy.CombineAsync(
                    policies,
                    endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>(),
                    endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>()).ConfigureAwait(false)
                : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
