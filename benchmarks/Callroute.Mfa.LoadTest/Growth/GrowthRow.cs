namespace Callroute.Mfa.LoadTest.Growth;

/// <summary>What was measured of one engine with so many users.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Users">How many are enrolled.</param>
/// <param name="Microseconds">The median time of a verification.</param>
/// <param name="Ratio">The median of its ratios to the smallest population, measured in turn.</param>
/// <param name="BytesAUser">On the disk, or in memory where the engine keeps them there, after the load.</param>
/// <param name="BytesAUserAfter">The same after the measured sign-ins.</param>
/// <param name="LoadSeconds">How long it took to fill.</param>
/// <param name="ScanSeconds">How long it took to list every user, as key rotation does.</param>
internal sealed record GrowthRow(string Engine, int Users, double Microseconds, double Ratio, long BytesAUser, long BytesAUserAfter, double LoadSeconds, double ScanSeconds);
