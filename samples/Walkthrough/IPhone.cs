using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.Walkthrough;

/// <summary>The device with the authenticator app: a real phone or a simulated one.</summary>
internal interface IPhone
{
    /// <summary>Whether a wrong code may be a typing error, so that the tour asks again.</summary>
    bool MayMistype { get; }

    void Scan(ProvisioningUri uri);

    string ReadCode(string prompt);

    Task WaitAsync(TimeSpan time, string why);
}
