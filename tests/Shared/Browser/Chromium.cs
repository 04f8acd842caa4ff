using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Callroute.Mfa.Tests;

/// <summary>Chromium without its own windows, started once. Each test has windows of its own in it, which share nothing.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>How long a page may take, in milliseconds: long enough for a machine that is busy with other things.</summary>
    public const int TimeOut = 60_000;

    private const string Program = "/usr/bin/chromium-headless-shell";

    private static readonly string[] Arguments =
        [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The browser; where it is not installed, the running test is skipped with the reason.</summary>
    public IBrowser Browser
    {
        get
        {
            Assert.SkipUnless(File.Exists(Program), $"'{Program}' is not installed; tests/run.sh installs it.");
            return _browser!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (File.Exists(Program))
        {
            Assertions.SetDefaultExpectTimeout(TimeOut);
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = Arguments });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
