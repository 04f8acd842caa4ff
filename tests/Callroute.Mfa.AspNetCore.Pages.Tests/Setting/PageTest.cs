namespace Callroute.Mfa.AspNetCore.Pages.Tests.Setting;

/// <summary>A test with an application of its own and two browsers.</summary>
public abstract class PageTest : IAsyncLifetime
{
    private protected PageHost Host { get; private set; } = null!;

    private protected PageBrowser Browser { get; private set; } = null!;

    /// <summary>A browser that is not signed in.</summary>
    private protected PageBrowser Other { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Host = await PageHost.StartAsync();
        (Browser, Other) = (Host.Open(), Host.Open());
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        Other.Dispose();
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
