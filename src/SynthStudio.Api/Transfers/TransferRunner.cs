using System.Data.Common;
using SynthStudio.Api.Telemetry;
using SynthStudio.Catalog.Audit;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Storage;

namespace SynthStudio.Api.Transfers;

/// <summary>
/// Carries transfers out. Replicas share the work: who takes one says every few seconds that it lives and hears whether it is to stop; what a replica
/// that died left is begun anew by another one.
/// </summary>
internal sealed class TransferRunner(
    TransferStore transfers, ConnectionStore connections, IEnumerable<ITransferWork> kinds, AuditTrail trail, TransferOptions options, TimeProvider time, ILogger<TransferRunner> log)
    : BackgroundService
{
    /// <summary>What a transfer that takes its replica down with it is tried.</summary>
    private const int MostAttempts = 3;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeepInterval = TimeSpan.FromSeconds(2);
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

                if (await transfers.TakeAsync(Lease, stopping) is { } taken) await CarryOutAsync(taken, stopping);
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
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(options.MaxTime);
        using var keeper = new Keeper(transfers, transfer, progress, time);
        var keeping = keeper.RunAsync(limit);
        var (state, error) = transfer.CancelRequested ? (TransferState.Cancelled, null)
            : transfer.Attempt > MostAttempts
                ? (TransferState.Failed, new WorkError(WorkErrorClass.Internal, TransferReasons.Abandoned, $"It was begun {MostAttempts} times and never came to an end."))
                : await TryAsync(work, transfer, progress, keeper, limit, stopping);
        await keeper.StopAsync();
        await keeping;
        if (state == TransferState.Running)
        {
            if (!keeper.IsLost) await transfers.GiveBackAsync(transfer, CancellationToken.None); // This process stops: another one is to begin anew.
            return;
        }

        // First the end, which only one can bring about; who has it cleans up.
        if (!await transfers.EndAsync(transfer, state, progress.Rows, progress.Bytes, error, CancellationToken.None)) return;
        ApiTelemetry.EndTransfer(state.ToString(), progress.Bytes);
        await NoteAsync(transfer, state, error);
        if (state != TransferState.Succeeded) await work.CleanUpAsync(transfer, CancellationToken.None);
    }

    /// <summary>Does the work, and says how it ended; Running when it did not.</summary>
    private async Task<(TransferState State, WorkError? Error)> TryAsync(
        ITransferWork work, TransferRecord transfer, TransferProgress progress, Keeper keeper, CancellationTokenSource limit, CancellationToken stopping)
    {
        try
        {
            await work.RunAsync(transfer, await SecretAsync(transfer, limit.Token), progress, limit.Token);
            return (TransferState.Succeeded, null);
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
            return (TransferState.Failed, new WorkError(WorkErrorClass.User, TransferReasons.TimeOver, $"It took longer than {options.MaxTime}, the most that a transfer may. Move fewer rows, or ask the operator for more time."));
        }
        catch (RpcException e) when (e.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>() is { } info)
        {
            return (TransferState.Failed, new WorkError(WorkErrorClass.User, info.Reason, e.Status.Detail)); // A quota, for example.
        }
        catch (Exception e) when (e is TransferInterruptedException or DbException { IsTransient: true } or StorageUnavailableException)
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

    private async Task<string> SecretAsync(TransferRecord transfer, CancellationToken cancellation)
    {
        if (transfer.SealedSecret is { } brought) return connections.Open(brought, transfer.Name);
        var connection = await connections.FindAsync(transfer.Spec.Connection, cancellation) ?? throw new TransferException(
            TransferReasons.ConnectionGone, $"{transfer.Spec.Connection} was deleted before the transfer began.", transfer.Spec.Connection);
        return connection.Endpoint == transfer.Endpoint ? connections.Open(connection.SealedSecret, connection.Name) : throw new TransferException(
            TransferReasons.ConnectionGone, $"{connection.Name} is another one than when the transfer was made: make it anew.", connection.Name);
    }

    /// <summary>That it was asked for is in the trail by the call; here how it ended.</summary>
    private Task NoteAsync(TransferRecord transfer, TransferState state, WorkError? error) => trail.AppendAsync(transfer.Project, new AuditEvent
    {
        Actor = transfer.Creator, Method = "TransferService/EndTransfer", Resource = transfer.Name, Outcome = state switch
        {
            TransferState.Succeeded => "OK",
            TransferState.Cancelled => "CANCELLED",
            _ => "FAILED_PRECONDITION",
        },
        Reason = error?.Reason ?? "",
    });

    /// <summary>Says again and again that a transfer goes on, and stops the work when somebody wants that, or when another one has it.</summary>
    private sealed class Keeper(TransferStore transfers, TransferRecord transfer, TransferProgress progress, TimeProvider time) : IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public bool IsLost { get; private set; }

        public bool IsToStop { get; private set; }

        public async Task RunAsync(CancellationTokenSource work)
        {
            var heard = time.GetTimestamp();
            while (!_stopping.IsCancellationRequested)
            {
                await Task.Delay(KeepInterval, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_stopping.IsCancellationRequested) return;
                try
                {
                    var stops = await transfers.KeepAsync(transfer, Lease, progress.Rows, progress.Bytes, _stopping.Token);
                    (IsLost, IsToStop) = (stops is null, stops is true);
                    heard = time.GetTimestamp();
                }
                catch (OperationCanceledException)
                {
                    return;
                }
                catch (DbException)
                {
                    IsLost = time.GetElapsedTime(heard) >= Lease; // By then somebody else may have it.
                }

                if (!IsLost && !IsToStop) continue;
                await work.CancelAsync();
                return;
            }
        }

        public Task StopAsync() => _stopping.CancelAsync();

        public void Dispose() => _stopping.Dispose();
    }
}
