using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.Walkthrough;

/// <summary>A user with a real phone, who scans and types. Waiting takes real time.</summary>
internal sealed class RealPhone(Screen screen) : IPhone
{
    public bool MayMistype => true;

    public void Scan(ProvisioningUri uri) => screen.Note("Scan the QR code with your authenticator app, or type the key.");

    public string ReadCode(string prompt) => screen.Ask(prompt);

    public Task WaitAsync(TimeSpan time, string why) => time > TimeSpan.Zero ? screen.CountDownAsync(time, why) : Task.CompletedTask;
}
