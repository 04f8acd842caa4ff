namespace Callroute.Mfa.LoadTest.Growth;

/// <summary>What PostgreSQL made of many updates, at one fill factor.</summary>
internal sealed record ChurnRow(int FillFactor, int Users, int UpdatesAUser, long BytesAUser, long BytesAUserAfter, double HotShare, long WalBytesAnUpdate);
