using SynthStudio.Api.Services;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Telemetry;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Audit;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Storage;

namespace SynthStudio.Api.Transfers;

/// <summary>
/// Carries transfers out. Replicas share the work: who takes one says every few seconds that it lives and hears whether it is to stop; what
/// a replica that died left is begun anew by another one.
/// </summary>
internal sealed class TransferRunner(
    TransferStore transfers, ConnectionStore connections, UserStore users, ProjectStore projects, RealRowGate gate,
    IEnumerable<ITransferWork> kinds, AuditTrail trail, TransferOptions options, TimeProvider time, ILogger<TransferRunner> log)
    : BackgroundService
{
    /// <summary>How often a transfer that takes its replica down with it is tried.</summary>
    private const int MostAttempts = 3;

    /// <summary>How often a transfer is begun anew when this server's database or store does not answer: with the pauses, for more than an hour.</summary>
    private const int MostInterruptions = 20;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeepInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KeepTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CreatorInterval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CleanInterval = TimeSpan.FromMinutes(10);

    private readonly ITransferWork[] _kinds = [.. kinds];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.AtOnce).Select(number => WorkAsync(cleans: number == 0, stoppingToken)));

    private async Task WorkAsync(bool cleans, CancellationToken stopping)
    {
        var cleaned = DateTimeOffset.MinValue;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (cleans && time.GetUtcNow() - cleaned >= CleanInterval)
                {
                    await transfers.CleanAsync(options.Retention, stopping);
                    cleaned = time.GetUtcNow();
                }

                if (await transfers.TakeAsync(Lease, options.AtOncePerProject, stopping) is { } taken) await CarryOutAsync(taken, stopping);
                else await Task.Delay(options.PollInterval, time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.TransfersNotRead(e); // The database is away: what was taken is taken again when its lease ends.
                await Task.Delay(KeepInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task CarryOutAsync(TransferRecord transfer, CancellationToken stopping)
    {
        var work = _kinds.Single(kind => kind.Does(transfer.Spec));
        var progress = new TransferProgress();
        using var over = new CancellationTokenSource(options.MaxTime, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping, over.Token);
        using var keeper = new Keeper(transfers, transfer, progress, MayAsync, time);
        var keeping = keeper.RunAsync(limit);
        var (state, error) = transfer.CancelRequested ? (TransferState.Cancelled, null)
            : IsHopeless(transfer)
                ? (TransferState.Failed, new WorkError(WorkErrorClass.Internal, TransferReasons.Abandoned, $"It was begun {transfer.Attempt - 1} times and never came to an end."))
                : await TryAsync(work, transfer, progress, keeper, limit, stopping);
        await keeper.StopAsync();
        await keeping;
        if (state == TransferState.Running)
        {
            if (keeper.IsLost) return;
            TimeSpan? pause = stopping.IsCancellationRequested ? null : PauseAfter(transfer.Spec.Interruptions);
            await TellAsync(() => transfers.GiveBackAsync(transfer, pause, CancellationToken.None), stopping);
            return;
        }

        // First the end, which only one can bring about; who has it cleans up.
        var isOurs = await TellAsync(
            () => transfers.EndAsync(transfer, state, progress.Rows, progress.Bytes, error, CancellationToken.None), stopping);
        if (!isOurs) return;
        ApiTelemetry.EndTransfer(state.ToString(), progress.Bytes);
        await NoteAsync(transfer, state, error);
        if (state != TransferState.Succeeded) await work.CleanUpAsync(transfer, CancellationToken.None);
    }

    /// <summary>
    /// Tells the database how an attempt ended. That may be away, and the attempt have ended by it: it is told again as long as nobody else
    /// can have the transfer, since what is never told counts as the replica's death.
    /// </summary>
    private async Task<T> TellAsync<T>(Func<Task<T>> tell, CancellationToken stopping)
    {
        for (var began = time.GetTimestamp(); ;)
        {
            try
            {
                return await tell();
            }
            catch (Exception e) when (DatabaseOutage.Is(e) && !stopping.IsCancellationRequested && time.GetElapsedTime(began) < Lease)
            {
                log.TransfersNotRead(e);
            }

            await Task.Delay(KeepInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Apart from attempts that were given back, which are no fault of the transfer's.</summary>
    private static bool IsHopeless(TransferRecord transfer) =>
        transfer.Attempt - transfer.Spec.Returns - transfer.Spec.Interruptions > MostAttempts || transfer.Spec.Interruptions > MostInterruptions;

    /// <summary>Five seconds, twice as long each time.</summary>
    private static TimeSpan PauseAfter(int interruptions) => TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 5 * Math.Pow(2, interruptions)));

    /// <summary>Whether who asked for a transfer might ask for it still.</summary>
    private async Task<bool> MayAsync(TransferRecord transfer, CancellationToken cancellation) =>
        await users.FindAsync(transfer.Creator, cancellation) is { Disabled: false } creator
        && (creator.Role == UserRole.Admin || await projects.FindRoleAsync(transfer.Project, transfer.Creator, cancellation) >= ProjectRole.Editor)
        && (!ExportSources.IsOfRealRows(transfer.Spec) || await gate.MayAsync(transfer.Project, transfer.Creator, cancellation));

    /// <summary>Does the work, and says how it ended; Running when it did not.</summary>
    private async Task<(TransferState State, WorkError? Error)> TryAsync(
        ITransferWork work, TransferRecord transfer, TransferProgress progress, Keeper keeper, CancellationTokenSource limit, CancellationToken stopping)
    {
        try
        {
            if (!await MayAsync(transfer, limit.Token)) return Forbidden(transfer);
            await work.RunAsync(transfer, await SecretAsync(transfer, limit.Token), progress, limit.Token);
            return (TransferState.Succeeded, null);
        }
        catch (Exception) when (keeper.IsForbidden)
        {
            return Forbidden(transfer);
        }
        catch (TransferException e)
        {
            return (TransferState.Failed, e.Error);
        }
        catch (Exception) when (keeper.IsToStop)
        {
            return (TransferState.Cancelled, null);
        }
        catch (Exception) when (keeper.IsLost || stopping.IsCancellationRequested)
        {
            return (TransferState.Running, null);
        }
        catch (Exception) when (limit.IsCancellationRequested)
        {
            var reading = ExportSources.IsOfRealRows(transfer.Spec)
                ? ", and a worker has to read the data set first: try again when the cluster has less to do"
                : "";
            return (TransferState.Failed, new WorkError(
                WorkErrorClass.User, TransferReasons.TimeOver,
                $"It took longer than {options.MaxTime}, the most that a transfer may{reading}. Move fewer rows, or ask the operator for more time."));
        }
        catch (RpcException e) when (e.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>() is { } info)
        {
            return (TransferState.Failed, new WorkError(WorkErrorClass.User, info.Reason, e.Status.Detail)); // A quota, for example.
        }
        catch (Exception e) when (IsOfOutage(e))
        {
            log.TransferInterrupted(transfer.Name, e);
            return (TransferState.Running, null);
        }
        catch (Exception e)
        {
            log.TransferFailed(transfer.Name, e);
            return (TransferState.Failed, new WorkError(WorkErrorClass.Internal, TransferReasons.Internal, "It failed for a reason that is in the server's log."));
        }
    }

    /// <summary>
    /// Whether something is away that this server needs. Who may stop the work was asked before: what else was cancelled was so by a silo,
    /// or a library, that gave up.
    /// </summary>
    private static bool IsOfOutage(Exception e) =>
        e is TransferInterruptedException or StorageUnavailableException or StorageFullException or OperationCanceledException
        || ClusterOutage.Is(e) || DatabaseOutage.Is(e);

    private static (TransferState State, WorkError? Error) Forbidden(TransferRecord transfer) =>
        (TransferState.Failed, TransferException.NotAllowed(transfer).Error);

    private async Task<string> SecretAsync(TransferRecord transfer, CancellationToken cancellation)
    {
        if (transfer.SealedSecret is { } brought) return connections.Open(brought, transfer.Name);
        var connection = await connections.FindAsync(transfer.Spec.Connection, cancellation) ?? throw new TransferException(
            TransferReasons.ConnectionGone, $"{transfer.Spec.Connection} was deleted before the transfer began.", transfer.Spec.Connection);
        return connection.Endpoint == transfer.Endpoint ? connections.Open(connection.SealedSecret, connection.Name) : throw new TransferException(
            TransferReasons.ConnectionGone, $"{connection.Name} is another one than when the transfer was made: make it anew.", connection.Name);
    }

    /// <summary>That it was asked for is in the trail by the call; here how it ended.</summary>
    private Task<long> NoteAsync(TransferRecord transfer, TransferState state, WorkError? error) => trail.AppendAsync(transfer.Project, new AuditEvent
    {
        Actor = transfer.Creator, Method = "TransferService/EndTransfer", Resource = transfer.Name, Outcome = state switch
        {
            TransferState.Succeeded => "OK",
            TransferState.Cancelled => "CANCELLED",
            _ => "FAILED_PRECONDITION",
        },
        Reason = error?.Reason ?? "",
    });

    /// <summary>
    /// Says again and again that a transfer goes on, and stops the work when somebody wants that, or when another one has it.
    /// </summary>
    private sealed class Keeper(
        TransferStore transfers, TransferRecord transfer, TransferProgress progress,
        Func<TransferRecord, CancellationToken, Task<bool>> may, TimeProvider time)
        : IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public bool IsLost { get; private set; }

        public bool IsToStop { get; private set; }

        /// <summary>Whether who asked for the transfer might not do so any more.</summary>
        public bool IsForbidden { get; private set; }

        public async Task RunAsync(CancellationTokenSource work)
        {
            var (heard, allowed) = (time.GetTimestamp(), time.GetTimestamp());
            while (!_stopping.IsCancellationRequested)
            {
                await Task.Delay(KeepInterval, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_stopping.IsCancellationRequested) return;
                using var late = new CancellationTokenSource(KeepTimeout, time);
                using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, late.Token);
                try
                {
                    var asked = time.GetTimestamp();
                    var stops = await transfers.KeepAsync(transfer, Lease, progress.Rows, progress.Bytes, timeout.Token).WaitAsync(timeout.Token);
                    (IsLost, IsToStop) = (stops is null, stops is true);
                    heard = asked;
                    if (time.GetElapsedTime(allowed) >= CreatorInterval)
                    {
                        IsForbidden = !await may(transfer, timeout.Token).WaitAsync(timeout.Token);
                        allowed = asked;
                    }
                }
                catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception) // Whatever it is: who does not hear that the transfer is still this replica's must know when it may be another one's.
                {
                    IsLost = time.GetElapsedTime(heard) >= Lease - KeepTimeout - KeepInterval; // Stopped before somebody else may have it.
                }

                if (!IsLost && !IsToStop && !IsForbidden) continue;
                await work.CancelAsync();
                return;
            }
        }

        public Task StopAsync() => _stopping.CancelAsync();

        public void Dispose() => _stopping.Dispose();
    }
}
