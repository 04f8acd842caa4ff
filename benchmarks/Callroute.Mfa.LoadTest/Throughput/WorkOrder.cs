namespace Callroute.Mfa.LoadTest.Throughput;

/// <summary>What a client process is told.</summary>
/// <param name="Engine">Which store on which engine.</param>
/// <param name="ConnectionString">Its database.</param>
/// <param name="Tasks">How many sign-ins are under way at once.</param>
/// <param name="Users">How many users each task signs in, at random.</param>
/// <param name="WarmUp">How long it signs in before it is ready.</param>
/// <param name="Duration">How long is measured.</param>
internal sealed record WorkOrder(string Engine, string ConnectionString, int Tasks, int Users, TimeSpan WarmUp, TimeSpan Duration);
