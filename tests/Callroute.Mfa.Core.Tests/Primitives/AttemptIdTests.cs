namespace Callroute.Mfa.Core.Tests.Primitives;

public sealed class AttemptIdTests
{
    // SHA-256 of "callroute.mfa/attempt/1" and the id's 16 bytes, its first half. Records contain it, so it must not change.
    [Fact]
    public void Fingerprint_KnownId_IsWhatRecordsHold()
    {
        Assert.True(AttemptId.TryParse("000102030405060708090a0b0c0d0e0f", out var attempt));

        Assert.Equal("49A11FB52802997F38C11445DBE9CB61", Convert.ToHexString(attempt.Fingerprint()));
    }
}
