using System.Collections.Concurrent;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Telemetry;
using SynthStudio.Catalog.Audit;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Api.Webhooks;

/// <summary>
/// Sends what is due. Each webhook is served by itself, a few requests at once, so a slow or dead receiver holds up nobody else; while one
/// is down a single request at a time finds out whether it is back. Replicas share the work: who takes a delivery has it for a while.
/// </summary>
internal sealed class WebhookDispatcher(
    WebhookStore webhooks, DeliveryQueue queue, WebhookSender sender, AuditTrail trail, WebhookOptions options, TimeProvider time,
    ILogger<WebhookDispatcher> log)
    : BackgroundService
{
    private const int WebhooksAtOnce = 128;
    private const int WebhooksOfProject = 32;
    private const int RequestsAtOnce = 8;
    private const int BatchSize = 64;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CleanInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Task> _served = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _room = new(WebhooksAtOnce);

    /// <summary>A whole batch can time out before its lease does.</summary>
    private TimeSpan Lease => (options.Timeout * (BatchSize / RequestsAtOnce)) + TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var cleaned = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (time.GetUtcNow() - cleaned >= CleanInterval)
                {
                    await queue.CleanAsync(options.Retention, stoppingToken);
                    cleaned = time.GetUtcNow();
                }

                foreach (var webhook in await queue.ListDueAsync(stoppingToken)) Start(webhook, stoppingToken);
                await Task.Delay(options.PollInterval, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                log.WebhooksNotRead(e); // Whatever it is: what is due stays so, and no host is to end for it.
                await Task.Delay(RetryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(_served.Values);
    }

    public override void Dispose()
    {
        _room.Dispose();
        base.Dispose();
    }

    /// <summary>Serves a webhook once, if there is room; those that waited longest come first, and no project has all the room.</summary>
    private void Start(string webhook, CancellationToken cancellation)
    {
        var project = ResourceName.Root(webhook) + "/";
        if (_served.ContainsKey(webhook)
            || _served.Keys.Count(name => name.StartsWith(project, StringComparison.Ordinal)) >= WebhooksOfProject
            || !_room.Wait(0, cancellation)) return;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var serving = ServeOnceAsync();
        _served[webhook] = serving;
        begun.SetResult();

        async Task ServeOnceAsync()
        {
            await begun.Task; // It is in the table before it can leave it.
            try
            {
                await ServeAsync(webhook, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // What was taken is due again when its lease ends.
            }
            catch (Exception e)
            {
                log.WebhooksNotRead(e); // Whatever it is, it is this webhook's: what was taken is due again when its lease ends.
            }
            finally
            {
                _served.TryRemove(webhook, out _);
                _room.Release();
            }
        }
    }

    /// <summary>Sends batches for a while, unless nothing is due or the receiver is down: then others have their turn.</summary>
    private async Task ServeAsync(string name, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < Turn;)
        {
            if (await webhooks.FindAsync(name, cancellation) is not { Disabled: false } webhook) return;
            var deliveries = await queue.TakeAsync(name, webhook.Failures > 0 ? 1 : BatchSize, Lease, cancellation);
            if (deliveries.Count == 0) return;
            var (outcomes, health) = await SendAsync(webhook, deliveries, cancellation);
            if (await queue.NoteAsync(webhook, outcomes, health, CancellationToken.None))
                await trail.AppendAsync(ResourceName.Root(name), SwitchedOff(name), CancellationToken.None);
            if (health.Pause > TimeSpan.Zero || health.IsGone) return;
        }
    }

    /// <summary>What the trail says of a webhook whose receiver wants no events any more (410).</summary>
    private static AuditEvent SwitchedOff(string webhook) => new() { Actor = "system", Method = "WebhookService/UpdateWebhook", Resource = webhook, Outcome = "OK", Reason = "RECEIVER_GONE" };

    private async Task<(IReadOnlyList<DeliveryOutcome> Outcomes, ReceiverHealth Health)> SendAsync(
        WebhookRecord webhook, IReadOnlyList<DeliveryRecord> deliveries, CancellationToken cancellation)
    {
        var receiver = new Receiver(webhook.Failures, options.FirstRetry);
        var outcomes = new DeliveryOutcome[deliveries.Count];
        await Parallel.ForAsync(0, deliveries.Count, new ParallelOptions { MaxDegreeOfParallelism = RequestsAtOnce }, async (i, _) =>
            outcomes[i] = await SendAsync(webhook, deliveries[i], receiver, cancellation));
        return (outcomes, receiver.Health);
    }

    private async Task<DeliveryOutcome> SendAsync(WebhookRecord webhook, DeliveryRecord delivery, Receiver receiver, CancellationToken cancellation)
    {
        var untried = new DeliveryOutcome(delivery, Attempt: null, RetryAfter: null);
        if (receiver.IsStopped || cancellation.IsCancellationRequested) return untried;
        try
        {
            var answer = await sender.SendAsync(webhook, delivery, cancellation);
            receiver.Hear(answer);
            ApiTelemetry.Deliver(answer.Attempt.Error);
            var isLast = answer.IsTaken || answer.IsGone || delivery.Attempt >= options.MaxAttempts;
            return new DeliveryOutcome(delivery, answer.Attempt, isLast ? null : RetrySchedule.AfterAttempt(delivery.Attempt, options.FirstRetry));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return untried; // The server stops. Perhaps it arrived: events can arrive twice.
        }
    }

    /// <summary>What is heard of a receiver while a batch is sent to it, by several requests at once.</summary>
    private sealed class Receiver(int failures, TimeSpan firstRetry)
    {
        private readonly Lock _gate = new();
        private TimeSpan _pause;
        private bool _isGone, _isUp;

        public bool IsStopped
        {
            get
            {
                lock (_gate) return _pause > TimeSpan.Zero || _isGone;
            }
        }

        public ReceiverHealth Health
        {
            get
            {
                lock (_gate) return new ReceiverHealth(_pause > TimeSpan.Zero ? failures + 1 : _isUp ? 0 : failures, _pause, _isGone);
            }
        }

        public void Hear(Answer answer)
        {
            lock (_gate)
            {
                if (answer.IsDown && _pause == TimeSpan.Zero) _pause = answer.RetryAfter ?? RetrySchedule.AfterFailures(failures + 1, firstRetry);
                _isGone |= answer.IsGone;
                _isUp |= !answer.IsDown;
            }
        }
    }
}
