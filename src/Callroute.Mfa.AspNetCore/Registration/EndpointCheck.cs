using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Looks at what the application's endpoints take for a sign-in.</summary>
internal sealed class EndpointCheck(EndpointDataSource endpoints, IAuthorizationPolicyProvider policies, string signIn)
{
    /// <returns>What may go wrong.</returns>
    /// <exception cref="InvalidOperationException">An endpoint lets in whoever is half signed in, or ours are there twice.</exception>
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

    // Two endpoints of one name fail every request.
    private void RefuseTwice()
    {
        if (endpoints.Endpoints.Count(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == AccountEndpoints.StatusName) > 1)
        {
            throw new InvalidOperationException($"{nameof(MfaEndpointExtensions.MapMfaEndpoints)} was called twice. Call it once.");
        }
    }

    private static void Refuse(Endpoint endpoint, AuthorizationPolicy policy)
    {
        if (policy.AuthenticationSchemes.Contains(MfaChallenge.Scheme, StringComparer.Ordinal))
        {
            throw new InvalidOperationException($"The endpoint '{endpoint.DisplayName}' accepts the scheme '{MfaChallenge.Scheme}', so a password alone would do. Take it off; {nameof(MfaSignIn)}.{nameof(MfaSignIn.FindChallengeAsync)} tells who is half signed in.");
        }
    }

    private IEnumerable<string> Warn(Endpoint endpoint, AuthorizationPolicy policy) =>
        policy.Requirements.OfType<MfaRequirement>().Any()
        && policy.AuthenticationSchemes.Count > 0
        && policy.AuthenticationSchemes.FirstOrDefault(scheme => scheme != signIn) is { } other
            ? [Foreign(endpoint, other)]
            : [];

    private string Foreign(Endpoint endpoint, string other) =>
        $"The endpoint '{endpoint.DisplayName}' asks for MFA of the scheme '{other}', not of '{signIn}' alone, which signs in here: there the claim '{MfaClaims.Methods}' is the word of whoever issued it. Name '{signIn}' in the policy.";

    // A policy that cannot be found fails its own requests, with a message that says so.
    private async Task<AuthorizationPolicy?> PolicyOfAsync(Endpoint endpoint)
    {
        try
        {
            return endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
                ? await AuthorizationPolicy.CombineAsync(policies, endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>(), endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>()).ConfigureAwait(false)
                : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
