using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>A new event, or the position of an earlier one in the stored document.</summary>
internal readonly record struct HistoryEntry(Range Place, MfaEvent? New);
