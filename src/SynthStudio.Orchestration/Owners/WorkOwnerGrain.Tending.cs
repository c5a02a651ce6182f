namespace SynthStudio.Orchestration;

/// <summary>Looking after work that has not ended: a timer while the grain is active, a reminder for when it is not.</summary>
public abstract partial class WorkOwnerGrain<TRecord>
{
    private const string ReminderName = "unfinished";

    private IGrainTimer? tending;
    private bool reminded;
    private bool hasReminder;
    private long projected;
    private long lastReport;

    /// <summary>The reminder: being activated is enough, what is pending is done then. Its last tick removes it.</summary>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        (reminded, hasReminder) = (true, true);
        await TendAsync();
    }

    private bool HeardLately() => lastReport != 0 && services.Time.GetElapsedTime(lastReport) < services.Options.Value.HeartbeatPatience;

    private void Tend(bool atOnce)
    {
        if (tending is not null || Record is null || !(store.State.HasPending || Unfinished(Record) is not null)) return;

        var period = services.Options.Value.TendPeriod;
        tending = this.RegisterGrainTimer(
            TendAsync,
            new GrainTimerCreationOptions(atOnce ? TimeSpan.Zero : period, period) { KeepAlive = true });
    }

    private async Task TendAsync()
    {
        if (broken) return;

        await PerformAsync();
        await EnforceLimitsAsync();
        var unfinished = Record is null ? null : Unfinished(Record);
        if (unfinished is not null)
        {
            await RemindAsync();
            if ((await JournalAsync(unfinished)).Position.Sequence > projected) await ProjectAsync(unfinished.Job);
        }
        else if (!store.State.HasPending)
        {
            tending?.Dispose();
            tending = null;
            await ForgetReminderAsync();
        }
        else if (isLedgerUnsafe && store.State.Effects is [{ Job: var job }, ..] && await RemindAsync())
        {
            // That may take days. Until then the catalog shows the end, and the reminder looks after what the ledger is to hear.
            if (Find(Record!, job) is { } ended && (await JournalAsync(ended)).Position.Sequence > projected) await ProjectAsync(job);
        }
    }

    /// <summary>
    /// Ends work whose time is over by this silo's clock and by the store's: one silo whose clock is wrong must not end
    /// for good what it owns.
    /// </summary>
    private async Task EnforceLimitsAsync()
    {
        if (Record is not { } record || Unfinished(record) is not { } work) return;

        var limits = new CheckLimits(services.Options.Value.Limits);
        if (IsUnchanged(Decide(record, limits, Now))) return;

        DateTimeOffset clock;
        try
        {
            clock = await services.Leases.GetTimeAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            OwnerLog.NoTime(services.Logger, e, work.Job);
            return;
        }

        var decision = Decide(record, limits, clock);
        if (IsUnchanged(decision))
        {
            OwnerLog.WrongClock(services.Logger, work.Job, clock);
            return;
        }

        await CommitAsync(work.Job, decision.Record, decision.Effects);

        bool IsUnchanged(Decision<TRecord> looked) => ReferenceEquals(looked.Record, record);
    }

    /// <summary>Sees to it that there is a reminder; whether there is one.</summary>
    private async Task<bool> RemindAsync()
    {
        if (reminded) return hasReminder;

        try
        {
            var period = services.Options.Value.ReminderPeriod;
            await this.RegisterOrUpdateReminder(ReminderName, period, period);
            hasReminder = true;
        }
        catch (Exception e)
        {
            OwnerLog.NoReminder(services.Logger, e, Name);
        }

        // Asked once an activation: without it the reconciler does its work.
        reminded = true;
        return hasReminder;
    }

    private async Task ForgetReminderAsync()
    {
        if (!reminded) return;

        try
        {
            if (await this.GetReminder(ReminderName) is { } reminder) await this.UnregisterReminder(reminder);
            (reminded, hasReminder) = (false, false);
        }
        catch (Exception e)
        {
            OwnerLog.NoReminder(services.Logger, e, Name);
        }
    }
}
