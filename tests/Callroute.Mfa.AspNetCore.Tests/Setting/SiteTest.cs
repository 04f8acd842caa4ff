namespace Callroute.Mfa.AspNetCore.Tests.Setting;

/// <summary>A test with its own site and two browsers.</summary>
public abstract class SiteTest : IDisposable
{
    private protected SiteTest() => (Browser, Other) = (Open(), Open());

    private protected static MfaSubject Ann { get; } = new("ann");

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected ApiSite Site { get; } = new();

    private protected Browser Browser { get; }

    /// <summary>A browser that is not signed in.</summary>
    private protected Browser Other { get; }

    public void Dispose()
    {
        Browser.Dispose();
        Other.Dispose();
        Site.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Browser Open() => new(Site);

    private protected void AssertLogged(string text) =>
        Assert.Contains(Site.Log.Lines, line => line.Contains(text, StringComparison.Ordinal));
}
