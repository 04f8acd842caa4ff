using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore.Identity.Tests.Setting;

/// <summary>A test with an application of its own, and the browser of its user.</summary>
public abstract class IdentityTest : IAsyncDisposable
{
    private protected IdentitySite Site { get; private set; } = null!;

    private protected Browser Browser { get; private set; } = null!;

    /// <summary>Starts the application, and registers the user.</summary>
    private protected async Task RegisterAsync(Action<IdentityMfaOptions>? mfa = null, Action<IEndpointRouteBuilder>? map = null)
    {
        Site = await IdentitySite.StartAsync(mfa, map);
        Browser = Site.Open();
        await Browser.RegisterAsync();
    }

    /// <summary>Starts the application, and registers and enrols the user.</summary>
    private protected async Task<(VirtualAuthenticator Phone, string[] Codes)> EnrollAsync(
        Action<IdentityMfaOptions>? mfa = null, Action<IEndpointRouteBuilder>? map = null)
    {
        await RegisterAsync(mfa, map);
        return await Browser.EnrollAsync();
    }

    /// <summary>Starts the application, and enrols the user, who is signed out then.</summary>
    private protected async Task<(VirtualAuthenticator Phone, string[] Codes)> EnrollAndLogOutAsync(
        Action<IdentityMfaOptions>? mfa = null, Action<IEndpointRouteBuilder>? map = null)
    {
        var enrolled = await EnrollAsync(mfa, map);
        await Browser.LogOutAsync();
        return enrolled;
    }

    public async ValueTask DisposeAsync()
    {
        Browser?.Dispose();
        await (Site?.DisposeAsync() ?? ValueTask.CompletedTask);
        GC.SuppressFinalize(this);
    }
}
