namespace Callroute.Mfa.LoadTest.Throughput;

/// <summary>The order for a client process.</summary>
/// <param name="Engine">The store and the engine.</param>
/// <param name="ConnectionString">The connection string of the database.</param>
/// <param name="Tasks">The number of concurrent sign-ins.</param>
/// <param name="Users">The number of users from which each task signs in random ones.</param>
/// <param name="WarmUp">The duration of the warm-up.</param>
/// <param name="Duration">The duration of the measurement.</param>
internal sealed record WorkOrder(string Engine, string ConnectionString, int Tasks, int Users, TimeSpan WarmUp, TimeSpan Duration);
