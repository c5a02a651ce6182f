using System.Runtime.CompilerServices;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace SynthStudio.ClusterTorture;

/// <summary>A client that asks again, at the other replica, until it is answered; a repeat has the request id of the first call.</summary>
internal sealed class Client(IReadOnlyList<GrpcChannel> replicas, Journal journal, int first, CancellationToken cancellation)
{
    /// <summary>After this a call is given up, and made again elsewhere.</summary>
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private int _turn = first;

    public CancellationToken Cancellation => cancellation;

    /// <summary>The options of one call, which may not take for ever.</summary>
    public CallOptions Limits => new(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + CallLimit, cancellationToken: cancellation);

    /// <summary>The replica whose turn it is.</summary>
    public Studio Studio => new(Channel);

    public GrpcChannel Channel => replicas[_turn % replicas.Count];

    /// <summary>The other replica's turn.</summary>
    public void Turn() => _turn++;

    /// <summary>Asks until there is an answer that does not say "try again".</summary>
    /// <param name="call">The call, with the same request id each time.</param>
    /// <param name="isAnswer">Refusals that are an answer; null for none.</param>
    /// <param name="what">Who asks, to tell of it when there is no answer.</param>
    /// <exception cref="RpcException">A refusal that is an answer.</exception>
    /// <exception cref="TortureException">A refusal that no fault explains; it is in the journal.</exception>
    /// <exception cref="OperationCanceledException">There was no answer while there was patience; that is in the journal.</exception>
    public async Task<T> AskAsync<T>(Func<Studio, Task<T>> call, Func<RpcException, bool>? isAnswer = null, [CallerMemberName] string what = "")
    {
        var last = "nothing";
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var answer = await call(Studio);
                journal.CountAnswer();
                return answer;
            }
            catch (RpcException e) when (isAnswer?.Invoke(e) == true)
            {
                throw;
            }
            catch (RpcException e) when (!cancellation.IsCancellationRequested)
            {
                last = $"{e.StatusCode} {ReasonOf(e)}";
                Note(e);
            }
            catch (Exception e) when (cancellation.IsCancellationRequested && e is RpcException or OperationCanceledException)
            {
                break;
            }

            Turn();
            await Task.Delay(Pause, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        journal.CutOff.Add($"{what} was not answered; before, it was answered {last}");
        throw new OperationCanceledException(cancellation);
    }

    /// <summary>Writes a refusal down.</summary>
    /// <exception cref="TortureException">It does not say "try again".</exception>
    public void Note(RpcException refusal)
    {
        var what = $"{refusal.StatusCode} {ReasonOf(refusal)}";
        journal.CountRefusal(what);
        if (MayBeTriedAgain(refusal)) return;
        journal.WrongAnswers.Add($"{what}: {refusal.Status.Detail}");
        throw new TortureException($"{what}: {refusal.Status.Detail}");
    }

    /// <summary>The machine-readable reason of the server; <c>transport</c> where the connection itself failed.</summary>
    public static string ReasonOf(RpcException refusal) => refusal.GetRpcStatus() is { } status ? status.GetDetail<ErrorInfo>()?.Reason ?? "" : "transport";

    /// <summary>
    /// What a connection that breaks makes of a call, and what the server says while a part of it is gone. A broken connection can be told as
    /// INTERNAL or UNKNOWN too, then by this side's library, with the exception that it met; a status that was sent has none.
    /// </summary>
    private static bool MayBeTriedAgain(RpcException e) => ReasonOf(e) switch
    {
        "transport" => e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled
            || (e.StatusCode is StatusCode.Internal or StatusCode.Unknown && e.Status.DebugException is not null),
        "WRONG_OFFSET" => true, // A call that broke off is still being taken in.
        "STORAGE_FULL" => e.StatusCode == StatusCode.ResourceExhausted,
        _ => e.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Aborted,
    };
}

/// <summary>The cluster did what it must not do; the journal has it.</summary>
internal sealed class TortureException(string message) : Exception(message);
