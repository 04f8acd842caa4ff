using Callroute.Mfa.Secrets;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>
/// Decides about a recovery code in two writes: a charge before the hash is known, and a settlement that gives the
/// charge back and consumes the code. A process that dies in between leaves one failure charged.
/// </summary>
internal static class VerifyRecoveryCode
{
    /// <summary>Charges the attempt. The record was admitted, so it has a set. The events are kept now and raised on a miss.</summary>
    public static Decision<RecoveryCharge> Charge(MfaRecord record, byte[] input, MfaOptions options, DateTimeOffset now)
    {
        var (charged, consequences) = record.Charge(MfaMethod.RecoveryCode, options, now);
        MfaEvent[] events = [new() { At = now, Kind = MfaEventKind.Refused, Method = MfaMethod.RecoveryCode }, .. consequences];
        var set = record.RecoveryCodes!;
        var charge = new RecoveryCharge(record.Epoch, set.SetId, set.Settings, input, charged.RecoveryThrottle, events);
        return Decision.WriteKeepingRedelivery(charge, charged, events) with { Events = [] };
    }

    /// <summary>Undoes the charge of an attempt that turned out to be no miss, and nothing that others were charged.</summary>
    public static MfaRecord TakeBack(MfaRecord record, RecoveryCharge charge, MfaOptions options)
    {
        if (record.Epoch != charge.Epoch)
        {
            // Disabled or reset meanwhile: what is counted now is not of this charge.
            return record;
        }

        // A new set starts without the failures of the old one, so only the budget still holds this charge.
        var policy = options.RecoveryThrottle;
        var isSameSet = record.RecoveryCodes?.SetId == charge.SetId;
        return charge.Events.Aggregate(record, (logged, happened) => logged.Unlog(happened)) with
        {
            RecoveryThrottle = isSameSet ? record.RecoveryThrottle.Refund(policy, charge.Throttle) : record.RecoveryThrottle.RefundBudget(policy),
        };
    }

    /// <summary>Finds the code in the record by its tag. Every tag is compared.</summary>
    public static RecoveryMatch? Find(MfaRecord record, RecoveryCharge charge, ReadOnlySpan<byte> tag)
    {
        if (record.RecoveryCodes is not { } active || active.SetId != charge.SetId)
        {
            return null;
        }

        var pending = IndexOf(record.PendingRecoveryCodes?.TagsUnderActiveSettings ?? [], tag);
        var current = IndexOf(active.Tags, tag);
        if (current is { } index)
        {
            return new RecoveryMatch(index, IsPending: false);
        }

        return pending is { } pendingIndex ? new RecoveryMatch(pendingIndex, IsPending: true) : null;
    }

    /// <summary>Consumes the code that was found, whatever was charged to others meanwhile.</summary>
    /// <param name="record">The record.</param>
    /// <param name="match">What <see cref="Find"/> found in this record.</param>
    /// <param name="settlement">What to write.</param>
    /// <param name="options">The settings.</param>
    /// <param name="now">The server's time.</param>
    public static Decision<VerificationResult> Settle(MfaRecord record, RecoveryMatch match, RecoverySettlement settlement, MfaOptions options, DateTimeOffset now)
    {
        var refunded = TakeBack(record, settlement.Charge, options);
        var consumed = settlement.Replacement is { } replacement ? refunded.WithNewSet(replacement.Set) : Consume(refunded, match);
        var settled = consumed with
        {
            RecoveryThrottle = consumed.RecoveryThrottle.Succeed(),
            Redelivery = settlement.Redelivery,
            SpentAttempts = consumed.SpentAttemptsWith(settlement.Attempt),
        };
        List<MfaEvent> events = [new() { At = now, Kind = MfaEventKind.Accepted, Method = MfaMethod.RecoveryCode }];
        if (settlement.Replacement is not null)
        {
            events.Add(new() { At = now, Kind = MfaEventKind.RecoveryCodesIssued });
        }

        return Decision.WriteKeepingRedelivery(
            VerificationResult.Recovered(settlement.Replacement?.Issued),
            settled,
            events);
    }

    // Using a code of the pending set shows that its owner has it, so it takes the active one's place.
    private static MfaRecord Consume(MfaRecord record, RecoveryMatch match)
    {
        var pending = record.PendingRecoveryCodes?.Set;
        if (match.IsPending)
        {
            return record with { RecoveryCodes = (pending! with { IsAcknowledged = true }).Without(match.Index), PendingRecoveryCodes = null };
        }

        var left = record.RecoveryCodes!.Without(match.Index);
        return left is null ? record with { RecoveryCodes = pending, PendingRecoveryCodes = null } : record with { RecoveryCodes = left };
    }

    private static int? IndexOf(IReadOnlyList<byte[]> tags, ReadOnlySpan<byte> tag)
    {
        int? found = null;
        for (var i = 0; i < tags.Count; i++)
        {
            if (FixedTime.AreEqual(tags[i], tag))
            {
                found = i;
            }
        }

        return found;
    }
}
