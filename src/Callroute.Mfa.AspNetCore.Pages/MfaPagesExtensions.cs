using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Provisioning;
using Callroute.Mfa.QrCode;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Adds the pages to an application.</summary>
public static class MfaPagesExtensions
{
    // Enough for a code and a name.
    private const int MaximumBodySize = 16 * 1024;

    /// <summary>
    /// Registers what the pages need, in addition to <c>AddCallrouteMfa</c>. A further call changes the options that the calls before it
    /// left.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Changes the look of the pages; null for none.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMfaPages(this IServiceCollection services, Action<MfaPagesOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = OptionsOf(services);
        configure?.Invoke(options);
        services.AddRazorComponents();
        services.AddLocalization();
        services.TryAddSingleton<IQrCodeRenderer, QrCodeRenderer>();
        Add(services, ServiceLifetime.Singleton, typeof(PageTexts), typeof(PageCookies), typeof(PageUser), typeof(PageResponder));
        Add(services, ServiceLifetime.Scoped, typeof(Change), typeof(SetUp), typeof(AdministeredUsers), typeof(Administration));
        return services;
    }

    /// <summary>
    /// Maps the pages. The application's sign-in leads to <c>sign-in</c> under the prefix when a user is half signed in. A page that needs
    /// a young verification leads to <c>step-up?returnUrl=…</c>. Pages are <c>Cache-Control: no-store</c>. Forms of other sites are
    /// refused, and each form answers 303.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">The path prefix of the pages.</param>
    /// <param name="administration">
    /// The name of the authorization policy that administrators fulfil, for pages at <c>administration</c> under the prefix that find a
    /// user by the id and by <see cref="IMfaUsers.SearchAsync"/>, show status and history, unlock and reset; null for no such pages. They
    /// always require MFA. Let the policy require a role and <see cref="MfaPolicyExtensions.RequireRecentMfa"/>. The application does not
    /// start if there is no such policy.
    /// </param>
    /// <returns>The group, to add conventions.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="prefix"/> is empty, or has parameters. Or <paramref name="administration"/> is empty.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="AddMfaPages"/> or <c>AddCallrouteMfa</c> was not called, a layout or a screen is no component, or the pages are mapped
    /// twice or inside a group.
    /// </exception>
    public static RouteGroupBuilder MapMfaPages(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string prefix = "/account/security", string? administration = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        Require<MfaPagesOptions>(endpoints.ServiceProvider, nameof(AddMfaPages));
        Require<MfaService>(endpoints.ServiceProvider, "AddCallrouteMfa");
        endpoints.ServiceProvider.GetRequiredService<PageResponder>().MapAt(endpoints is RouteGroupBuilder ? null : prefix);
        var root = endpoints.MapGroup(prefix).ExcludeFromDescription();
        PageAssets.Map(root.MapGroup("/assets").AllowAnonymous());
        var group = root.MapGroup(string.Empty).WithMetadata(new RequestSizeLimitAttribute(MaximumBodySize));
        group.AddEndpointFilter<RouteGroupBuilder, UserFilter>();
        group.RequireSameOrigin();
        var scheme = endpoints.ServiceProvider.GetRequiredService<IOptions<MfaSignInOptions>>().Value.Scheme;
        MapPages(group, scheme);
        if (administration is not null)
        {
            // The framework takes an empty name for no policy, so every user with MFA would be an administrator.
            ArgumentException.ThrowIfNullOrWhiteSpace(administration);
            var pages = Require(group.MapGroup(string.Empty), scheme, policy => policy.RequireMfa()).RequireAuthorization(administration)
                .AddEndpointFilter<RouteGroupBuilder, OneAdministratorFilter>();
            Administration.Map(pages, administration);
        }

        return root;
    }

    // By factories: the container of Development checks all constructors before the advice about what is missing can be given.
    private static void Add(IServiceCollection services, ServiceLifetime lifetime, params IEnumerable<Type> types) =>
        services.TryAdd(types.Select(
            type => new ServiceDescriptor(type, provider => ActivatorUtilities.CreateInstance(provider, type), lifetime)));

    private static void Require<T>(IServiceProvider services, string method)
    {
        if (!services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(T)))
        {
            throw new InvalidOperationException($"Call services.{method}() before {nameof(MapMfaPages)}.");
        }
    }

    private static MfaPagesOptions OptionsOf(IServiceCollection services)
    {
        var registered = services.FirstOrDefault(service => service.ServiceType == typeof(MfaPagesOptions));
        var options = (MfaPagesOptions?)registered?.ImplementationInstance ?? new();
        services.TryAddSingleton(options);
        return options;
    }

    private static void MapPages(RouteGroupBuilder group, string? scheme)
    {
        var anonymous = group.MapGroup(string.Empty).AllowAnonymous();
        SignIn.Map(anonymous);
        SetUp.Map(anonymous);
        var account = Require(group.MapGroup(string.Empty), scheme, policy => policy.RequireAuthenticatedUser())
            .AddEndpointFilter<RouteGroupBuilder, SignedInFilter>();
        Security.Map(account);
        RecoveryCodes.Map(account);
        Authenticators.Map(account);
        KnownDevices.Map(account);
        Disable.Map(account);
        StepUp.Map(account);
    }

    private static RouteGroupBuilder Require(RouteGroupBuilder group, string? scheme, Action<AuthorizationPolicyBuilder> require) =>
        group.RequireAuthorization(policy => require(policy.AddAuthenticationSchemes(scheme is null ? [] : [scheme])));
}
