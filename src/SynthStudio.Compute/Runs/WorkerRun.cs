using System.Diagnostics;
using SynthStudio.Worker.V1;

namespace SynthStudio.Compute;

/// <summary>One lease at work: takes the order, runs one worker process, reports, obeys. Ends without a trace when the lease is lost.</summary>
/// <param name="item">The job.</param>
/// <param name="epoch">Its lease.</param>
/// <param name="device">Number of the accelerator that it gets; null for none.</param>
/// <param name="services">What it needs.</param>
/// <param name="silo">Address of this silo.</param>
internal sealed class WorkerRun(WorkItem item, LeaseEpoch epoch, int? device, RunServices services, string silo) : IDisposable
{
    private readonly CancellationTokenSource abandoned = new();
    private readonly CancellationTokenSource unwanted = new();
    private readonly CancellationTokenSource discarded = new();
    private readonly Lock gate = new();
    private OwnerReporter? reporter;
    private WorkerProcess? process;
    private Watchdog? watchdog;
    private string? scratch;
    private bool ordered;
    private Control.Types.Wish wish = Control.Types.Wish.Unspecified;
    private bool hasLimit;
    private volatile bool isDone;
    private bool siloShutsDown;
    private bool killed;

    public string Job => item.Job;

    public LeaseEpoch Epoch => epoch;

    public WorkKind Kind => item.Kind;

    public WorkRequirements Requirements => item.Requirements;

    /// <summary>Number of the accelerator that it has; null for none.</summary>
    public int? Device => device;

    /// <summary>The work itself is over, and its owner knows; the process may be leaving still.</summary>
    public bool IsOver { get; private set; }

    /// <summary>
    /// The slot may be given away: the worker is done. Its owner is only being told, and the scheduler may send the next job before the owner's
    /// answer is here.
    /// </summary>
    public bool IsSlotFree => IsOver || isDone;

    /// <summary>Its worker may have stayed with a model that the scheduler is to know of.</summary>
    public bool LeavesModel => item.Model.Length > 0;

    /// <summary>The accelerator, where the silo has several: the process must then see no other.</summary>
    private int? OneOfMany { get; } = services.Accelerator.Offer.Count > 1 ? device : null;

    private ComputeOptions Options => services.Options.Value;

    public async Task RunAsync()
    {
        ComputeLog.Started(services.Logger, Job, epoch.Value);
        var owner = services.Grains.GetWorkOwner(item.Kind, item.Owner);
        try
        {
            if (await TakeOrderAsync(owner) is { } order)
            {
                await WorkAsync(owner, order);
            }
            else
            {
                ComputeLog.NothingToDo(services.Logger, Job, epoch.Value);
                await services.Grains.GetGrain<ISchedulerGrain>(0).ReleaseAsync(Job, epoch);
            }
        }
        catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
        {
            ComputeLog.Abandoned(services.Logger, Job, epoch.Value);
        }
        catch (Exception e)
        {
            // Nobody could be told: the lease is no longer renewed, and the job is queued again when it ends.
            ComputeLog.RunFailed(services.Logger, e, Job, epoch.Value);
        }
        finally
        {
            IsOver = true;
        }
    }

    /// <summary>Asks the owner for its wish now.</summary>
    public void Nudge() => reporter?.Nudge();

    /// <summary>The lease is no longer ours: kill, store and report nothing more.</summary>
    public void Abandon()
    {
        lock (gate)
        {
            killed = true;
            process?.Kill();
        }

        _ = abandoned.CancelAsync();
        _ = unwanted.CancelAsync();
        _ = discarded.CancelAsync();
    }

    /// <summary>The silo shuts down, or is drained: a training that has begun writes a checkpoint first, anything else starts elsewhere.</summary>
    public void ShutDown()
    {
        siloShutsDown = true;
        bool hasBegun;
        lock (gate) hasBegun = ordered;
        if (item.Kind == WorkKind.Training && hasBegun)
        {
            Wish(Control.Types.Wish.Pause, Options.ShutdownGrace);
        }
        else
        {
            Stop();
        }
    }

    public void Dispose()
    {
        abandoned.Dispose();
        unwanted.Dispose();
        discarded.Dispose();
    }

    /// <summary>
    /// Asks the owner for the order, again and again while its store is away: as long as the lease is this silo's, and no longer than results
    /// wait for their store, or a silo that shuts down for its trainings. Then the lease is renewed no more, and the job is queued again when
    /// it ends.
    /// </summary>
    private async Task<WorkOrder?> TakeOrderAsync(IWorkOwnerGrain owner)
    {
        var began = services.Time.GetTimestamp();
        for (var wait = OwnerReporter.FirstRetry; ; wait = OwnerReporter.NextRetry(wait))
        {
            try
            {
                return await owner.TakeOrderAsync(Job, epoch, silo);
            }
            catch (Exception e) when (services.Time.GetElapsedTime(began) < Patience())
            {
                ComputeLog.OrderFailed(services.Logger, e, Job, epoch.Value);
            }

            await Task.Delay(wait, services.Time, abandoned.Token);
        }

        TimeSpan Patience() => unwanted.IsCancellationRequested ? Options.ShutdownGrace : RunOutputs.Patience;
    }

    private async Task WorkAsync(IWorkOwnerGrain owner, WorkOrder order)
    {
        reporter = new OwnerReporter(owner, Job, epoch, Obey, Options, services.Time, services.Logger);
        var reporting = reporter.RunAsync(abandoned.Token);
        using var activity = ComputeTelemetry.Begin(order);
        try
        {
            var end = await ComputeAsync(order, activity);
            services.Accelerator.Heed(end);
            abandoned.Token.ThrowIfCancellationRequested();
            isDone = true;
            reporter.Add(end);
            await reporting;
            IsOver = true;
            ComputeTelemetry.End(activity, Kind, end);
            ComputeLog.Ended(services.Logger, Job, epoch.Value, end.GetType().Name);
        }
        finally
        {
            await StopProcessAsync();
            if (scratch is not null) services.Scratch.Remove(scratch);
        }
    }

    /// <summary>Runs the worker to its end and says which it was.</summary>
    private async Task<WorkUpdate> ComputeAsync(WorkOrder order, Activity? activity)
    {
        try
        {
            scratch = services.Scratch.Create(); // A disk without room for it is an end like any other, which the owner hears of.
            var checkpoints = await CheckpointInspection.OfAsync(order.Checkpoints, services.Objects, unwanted.Token);
            foreach (var lost in checkpoints.Lost) reporter!.Add(lost);
            var jobOrder = await services.Orders.TranslateAsync(order, checkpoints.Sound, scratch, unwanted.Token);
            jobOrder.TraceParent = activity?.Id ?? order.TraceParent;
            var outputs = new RunOutputs(services, Job, epoch, silo, reporter!.Add, unwanted.Token, discarded.Token);
            var (watched, first) = await BeginAsync(jobOrder);
            for (var message = first; message is not null; message = await watched.ReadAsync(abandoned.Token))
            {
                if (message.StepEnded is { } step) ComputeTelemetry.Tell(activity, step);
                var update = message.CheckpointRefused is { } refused
                    ? new WorkCheckpointLost(checkpoints.Sound[refused.Number], refused.Reason)
                    : await outputs.TakeAsync(message);
                if (update is null) continue;
                if (OutputCollector.IsEnd(update))
                {
                    if (update is WorkCompleted && jobOrder.Stay && watched.Hang is null) LetStay(watched.Worker, jobOrder.Generate.ModelSha256);
                    return EndAs(update);
                }

                reporter!.Add(update);
            }

            return Gone(await watched.Worker.DescribeExitAsync());
        }
        catch (OperationCanceledException) when (!abandoned.IsCancellationRequested)
        {
            return Gone("was stopped before it began");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            ComputeLog.RunFailed(services.Logger, e, Job, epoch.Value);
            return killed || watchdog?.Hang is not null ? Gone("was stopped") : new WorkFailed(RunErrors.Of(e));
        }
    }

    /// <summary>Gives the order to a worker and answers its first message. One that stayed may have died meanwhile: then a new one gets it.</summary>
    private async Task<(Watchdog Watched, WorkerOutput? First)> BeginAsync(JobOrder order)
    {
        while (true)
        {
            unwanted.Token.ThrowIfCancellationRequested();
            var worker = await services.Workers.TakeAsync(order.Generate?.ModelSha256 ?? "", OneOfMany);
            var watched = new Watchdog(worker, Options, services.Time, hang => ComputeLog.Hangs(services.Logger, Job, epoch.Value, hang));
            lock (gate) (process, watchdog) = (worker, watched);
            unwanted.Token.ThrowIfCancellationRequested();
            WorkerOutput? first = null;
            try
            {
                await worker.OrderAsync(order, unwanted.Token);
                await TellEarlierWishAsync(worker);
                first = await watched.ReadAsync(abandoned.Token);
            }
            catch (IOException) when (worker.Stayed)
            {
                // Its pipe is broken.
            }

            if (first is not null || !worker.Stayed || killed) return (watched, first);

            ComputeLog.KeptWorkerLeft(services.Logger, worker.Id, await worker.DescribeExitAsync(), Job);
            await StopProcessAsync();
        }
    }

    /// <summary>The process is no longer this run's: nothing that is meant for the run reaches it any more.</summary>
    private void LetStay(WorkerProcess worker, string model)
    {
        lock (gate)
        {
            if (!killed && OneOfMany is null && services.Workers.Keep(worker, model)) process = null;
        }
    }

    private WorkUpdate EndAs(WorkUpdate end) => end is WorkPaused && siloShutsDown ? new WorkPaused(SiloShutsDown: true) : end;

    /// <summary>The end of a worker that said nothing of it: ours if we killed it, else its own.</summary>
    private WorkUpdate Gone(string how)
    {
        var hang = watchdog?.Hang;
        if ((killed || hang is not null) && wish == Control.Types.Wish.Cancel) return new WorkCancelled();
        if (killed && siloShutsDown) return new WorkPaused(SiloShutsDown: true);
        if (hang is not null && wish == Control.Types.Wish.Pause) return new WorkPaused(siloShutsDown);
        return new WorkFailed(new WorkError(WorkErrorClass.Resource, "WORKER_CRASHED", $"The worker process {hang ?? how}."));
    }

    private void Obey(WorkDirective directive)
    {
        switch (directive)
        {
            case WorkDirective.Cancel:
                Wish(Control.Types.Wish.Cancel, Options.KillGrace);
                break;
            case WorkDirective.Pause:
                Wish(Control.Types.Wish.Pause, null);
                break;
            case WorkDirective.Abandon:
                Abandon();
                break;
        }
    }

    /// <summary>Tells the worker a wish, once; when it has not left after <paramref name="grace"/> it is killed.</summary>
    private void Wish(Control.Types.Wish next, TimeSpan? grace)
    {
        WorkerProcess? told = null;
        bool isNew, isLimited;
        lock (gate)
        {
            // A cancel stands above a pause.
            isNew = wish != next && wish != Control.Types.Wish.Cancel;

            // A wish that was told without a limit gets one all the same: a silo that shuts down waits no longer for a pause that a user asked for.
            isLimited = grace is not null && (isNew || !hasLimit);
            hasLimit |= isLimited;
            if (isNew)
            {
                wish = next;
                told = ordered ? process : null;
                if (next == Control.Types.Wish.Pause) watchdog?.ExpectPause();
            }
        }

        if (isNew && told is null && next == Control.Types.Wish.Cancel)
        {
            Stop();
            return;
        }

        _ = told?.WishAsync(next);
        if (isLimited) _ = StopAfterAsync(grace!.Value);
    }

    /// <summary>The order is always the first message: a wish that came before it is told after it.</summary>
    private async Task TellEarlierWishAsync(WorkerProcess worker)
    {
        Control.Types.Wish earlier;
        lock (gate)
        {
            ordered = true;
            earlier = wish;
            if (earlier == Control.Types.Wish.Pause) watchdog?.ExpectPause();
        }

        if (earlier != Control.Types.Wish.Unspecified) await worker.WishAsync(earlier);
    }

    private async Task StopAfterAsync(TimeSpan grace)
    {
        await Task.Delay(grace, services.Time);
        if (IsOver) return;

        ComputeLog.Killed(services.Logger, Job, grace);
        Stop();
    }

    private void Stop()
    {
        lock (gate)
        {
            killed = true;
            process?.Kill();
            if (wish == Control.Types.Wish.Cancel) _ = discarded.CancelAsync();
        }

        _ = unwanted.CancelAsync();
    }

    private async Task StopProcessAsync()
    {
        WorkerProcess? left;
        lock (gate)
        {
            left = process;
            process = null;
            ordered = false;
            watchdog?.Dispose();
        }

        if (left is not null) await left.DisposeAsync();
    }
}
