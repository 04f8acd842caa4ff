using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Identity.Data;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Checks how the application's endpoints sign users in and recognise them.</summary>
/// <param name="endpoints">The endpoints.</param>
/// <param name="policies">Their policies.</param>
/// <param name="signIn">The schemes that sign in, the browsers' first.</param>
/// <param name="isIdentity">Whether Callroute.Mfa.AspNetCore.Identity verifies the codes of Identity's own endpoints.</param>
internal sealed class EndpointCheck(EndpointDataSource endpoints, IAuthorizationPolicyProvider policies, string[] signIn, bool isIdentity)
{
    /// <returns>Warnings.</returns>
    /// <exception cref="InvalidOperationException">
    /// The library's endpoints are mapped twice, or the policy of one does not exist.
    /// </exception>
    public async Task<IEnumerable<string>> FindWarningsAsync()
    {
        RefuseTwice();
        await RefuseMissingPolicyAsync().ConfigureAwait(false);
        List<string> warnings = [.. await CheckAdministrationAsync().ConfigureAwait(false)];
        foreach (var endpoint in endpoints.Endpoints)
        {
            if (!isIdentity && IsLoginOfIdentityApi(endpoint))
            {
                warnings.Add(PasswordAlone(endpoint));
            }
            else if (await FindForeignAsync(endpoint).ConfigureAwait(false) is { } other)
            {
                warnings.Add(Foreign(endpoint, other));
            }
        }

        return warnings;
    }

    // Two endpoints with the same name make every request fail.
    private void RefuseTwice()
    {
        (string Endpoint, string Method)[] once =
        [
            (AccountEndpoints.StatusName, nameof(MfaEndpointExtensions.MapMfaEndpoints)),
            (AdministrationEndpoints.FindName, nameof(MfaAdministrationExtensions.MapMfaAdministration)),
        ];
        var names = endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName).ToArray();
        if (once.FirstOrDefault(it => names.Count(name => name == it.Endpoint) > 1) is { Method: { } method })
        {
            throw new InvalidOperationException($"{method} was called twice. Call it once.");
        }
    }

    // Otherwise every request of an administrator would fail.
    private async Task RefuseMissingPolicyAsync()
    {
        var required = endpoints.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<AllowedOrigins.Endpoint>() is not null)
            .SelectMany(
                endpoint => endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Where(data => !string.IsNullOrWhiteSpace(data.Policy)),
                (endpoint, data) => (endpoint.DisplayName, Policy: data.Policy!));
        foreach (var (endpoint, name) in required)
        {
            _ = await policies.GetPolicyAsync(name).ConfigureAwait(false) ?? throw new InvalidOperationException(
                $"{endpoint}: there is no authorization policy '{name}'. Add it with AddAuthorizationBuilder().AddPolicy.");
        }
    }

    private async Task<IEnumerable<string>> CheckAdministrationAsync()
    {
        var names = endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<AdministrationPolicy>()?.Name).OfType<string>();
        List<string> warnings = [];
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            var policy = await policies.GetPolicyAsync(name).ConfigureAwait(false);
            warnings.AddRange(policy!.Requirements.OfType<MfaRequirement>().Any() ? [] : [WithoutMfa(name)]);
        }

        return warnings;
    }

    private static string WithoutMfa(string policy) =>
        $"The policy '{policy}' lets administrators reset the MFA of others without having passed MFA. "
        + $"Add {nameof(MfaPolicyExtensions.RequireRecentMfa)} to it.";

    // An endpoint of the application may use the same type for its body.
    private static bool IsLoginOfIdentityApi(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType == typeof(LoginRequest)
        && endpoint.Metadata.GetMetadata<MethodInfo>()?.Module.Assembly == typeof(LoginRequest).Assembly;

    private static string PasswordAlone(Endpoint endpoint) =>
        $"The endpoint '{endpoint.DisplayName}' of MapIdentityApi signs users in by their password alone. Add the package "
        + "Callroute.Mfa.AspNetCore.Identity and call AddCallrouteMfa() after AddIdentityApiEndpoints. Or do not call MapIdentityApi: map "
        + "an endpoint that checks the password with SignInManager.CheckPasswordSignInAsync and then calls "
        + $"{nameof(MfaSignIn)}.{nameof(MfaSignIn.BeginAsync)}. CheckPasswordSignInAsync asks for no second factor: while a user has one "
        + $"in Identity (TwoFactorEnabled), {nameof(MfaUser)}.{nameof(MfaUser.Policy)} must be {nameof(MfaPolicy.Required)}.";

    private string Foreign(Endpoint endpoint, string other) =>
        $"The endpoint '{endpoint.DisplayName}' asks for MFA of the scheme '{other}', not of '{signIn[0]}' alone, which signs in here: "
        + $"the library cannot vouch for the claim '{MfaClaims.Methods}' of another scheme. Name '{signIn[0]}' in the policy.";

    /// <returns>A scheme other than the sign-in's of which the endpoint requires MFA; null if there is none.</returns>
    private async Task<string?> FindForeignAsync(Endpoint endpoint) =>
        await PolicyOfAsync(endpoint).ConfigureAwait(false) is { } policy && policy.Requirements.OfType<MfaRequirement>().Any()
            ? policy.AuthenticationSchemes.FirstOrDefault(scheme => !signIn.Contains(scheme))
            : null;

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
