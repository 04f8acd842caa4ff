namespace Callroute.Mfa.LoadTest.Growth;

/// <summary>What PostgreSQL made of many sign-ins, at one fill factor.</summary>
internal sealed record ChurnRow(int FillFactor, int Users, int SignInsAUser, long BytesAUser, long BytesAUserAfter, double HotShare, long WalBytesASignIn);
