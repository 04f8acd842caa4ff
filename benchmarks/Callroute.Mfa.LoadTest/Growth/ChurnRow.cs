namespace Callroute.Mfa.LoadTest.Growth;

/// <summary>The effect of many sign-ins on PostgreSQL's table, at one fill factor.</summary>
internal sealed record ChurnRow(
    int FillFactor, int Users, int SignInsAUser, long BytesAUser, long BytesAUserAfter, double HotShare, long WalBytesASignIn);
