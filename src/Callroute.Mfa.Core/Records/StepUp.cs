using System.Text.Json.Serialization;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Records;

/// <summary>A verification that can prove changes: the content of a receipt.</summary>
/// <param name="Method">How the subject was verified.</param>
/// <param name="Devices">The group of devices that the subject was verified on.</param>
/// <param name="VerifiedAt">When the subject was verified.</param>
/// <param name="BoundTo">What it depends on, as in <see cref="MfaRecord.Binds"/>.</param>
internal sealed record StepUp(MfaMethod Method, DeviceGroup Devices, DateTimeOffset VerifiedAt, Guid BoundTo)
{
    /// <summary>Whether the code was verified in the same call as the change.</summary>
    [JsonIgnore]
    public bool IsOfThisCall { get; init; }

    public TokenBytes ToBytes() => new((byte)Method, (byte)Devices, VerifiedAt, BoundTo);

    public static StepUp From(TokenBytes bytes) => new((MfaMethod)bytes.First, (DeviceGroup)bytes.Second, bytes.At, bytes.Id);

    /// <summary>
    /// Whether it proves a change: it is recent, the record still has what it depends on, and its factor is not locked out on the devices
    /// that it comes from.
    /// </summary>
    public bool Proves(MfaRecord record, MfaOptions options, DateTimeOffset now)
    {
        // The clocks of nodes differ, so a receipt may seem to come from the near future.
        var isRecent = (now - VerifiedAt).Duration() <= options.StepUpAge;
        return isRecent && record.Binds(BoundTo) && !record.IsLockedOut(Method, Devices, options, now);
    }
}
