namespace Callroute.Mfa.Records;

/// <summary>Says whether a node may write a record although its clock is behind the time of the last write.</summary>
internal enum ClockRule
{
    /// <summary>Refuses to write if the clock is behind by more than the nodes of an installation may differ.</summary>
    Refuse,

    /// <summary>Writes, because an earlier write of the same call was not refused.</summary>
    Continue,

    /// <summary>Writes, and leaves the time of the record as it is: nothing that is written depends on the time.</summary>
    Ignore,

    /// <summary>Writes, and sets the time of the record to this node's: an administrator repairs what a wrong clock wrote.</summary>
    Repair,
}
