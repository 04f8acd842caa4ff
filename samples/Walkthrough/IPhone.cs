using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.Walkthrough;

/// <summary>The device with the authenticator app: a real one, or one that answers by itself.</summary>
internal interface IPhone
{
    /// <summary>Whether a wrong code may be a slip of a finger, so that it is asked for again.</summary>
    bool MayMistype { get; }

    void Scan(ProvisioningUri uri);

    string ReadCode(string prompt);

    Task WaitAsync(TimeSpan time, string why);
}
