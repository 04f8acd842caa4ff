using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.Walkthrough;

/// <summary>The device with the authenticator app: a real one, or one that answers by itself.</summary>
internal interface IPhone
{
    void Scan(ProvisioningUri uri);

    string ReadCode(string prompt);

    Task WaitAsync(TimeSpan time, string why);
}
