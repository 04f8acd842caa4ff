namespace Callroute.Mfa.LoadTest.Growth;

/// <summary>The measurements of one engine with a number of users.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Users">The number of users.</param>
/// <param name="Microseconds">The median time of a verification.</param>
/// <param name="Ratio">The median of the ratios to the smallest population, measured in alternating rounds.</param>
/// <param name="BytesAUser">The bytes per user after loading, on the disk or in memory, wherever the engine keeps its data.</param>
/// <param name="BytesAUserAfter">The same after the measured sign-ins.</param>
/// <param name="LoadSeconds">The duration of loading.</param>
/// <param name="ScanSeconds">The duration of listing every user, as key rotation does.</param>
internal sealed record GrowthRow(
    string Engine, int Users, double Microseconds, double Ratio, long BytesAUser, long BytesAUserAfter, double LoadSeconds,
    double ScanSeconds);
