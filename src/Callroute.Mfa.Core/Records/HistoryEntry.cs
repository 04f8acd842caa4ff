using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>An event that happened now, or the place of one in the stored document.</summary>
internal readonly record struct HistoryEntry(Range Place, MfaEvent? New);
