using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Walkthrough;

/// <summary>The virtual authenticator of the Testing package. Waiting skips time.</summary>
internal sealed class VirtualPhone(Screen screen, SkippingClock clock) : IPhone, IDisposable
{
    private VirtualAuthenticator? _authenticator;

    public bool MayMistype => false;

    public void Scan(ProvisioningUri uri)
    {
        _authenticator?.Dispose();
        _authenticator = VirtualAuthenticator.Scan(uri.Reveal(), clock);
        screen.Note($"The virtual phone has scanned the code: {_authenticator.Issuer}, {_authenticator.AccountName}.");
    }

    public string ReadCode(string prompt)
    {
        var code = _authenticator!.GetCode();
        screen.Typed(prompt, code);
        return code;
    }

    public Task WaitAsync(TimeSpan time, string why)
    {
        clock.Skip(time);
        screen.Note($"{why} (skipped {time.TotalSeconds:0} s)");
        return Task.CompletedTask;
    }

    public void Dispose() => _authenticator?.Dispose();
}
