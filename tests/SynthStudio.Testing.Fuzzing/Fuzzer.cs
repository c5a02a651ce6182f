using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Grpc.Core;

namespace SynthStudio.Testing.Fuzzing;

/// <summary>Calls methods with mutated messages and judges every answer. Seeded: the same seed makes the same messages.</summary>
public sealed class Fuzzer
{
    private const int InFlight = 64;
    private const int MostFaults = 20;
    private const int LongestHex = 400;

    /// <summary>Whoever waits longer for an answer leaves. Streams that wait for news never answer; a computation of privacy may queue for long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5), StreamPatience = TimeSpan.FromSeconds(0.5);

    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(bytes => bytes, bytes => bytes);

    /// <summary>Decides what is sent.</summary>
    public required int Seed { get; init; }

    /// <summary>Connections of callers with different rights; each call takes one.</summary>
    public required IReadOnlyList<CallInvoker> Callers { get; init; }

    /// <summary>Resource names that exist.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required AnswerCheck Check { get; init; }

    /// <summary>No message is sent any more after so long.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.MaxValue;

    /// <summary>Calls one method so many times.</summary>
    public async Task<FuzzReport> RunAsync(FuzzTarget target, int messages, CancellationToken cancellation = default)
    {
        var codes = new ConcurrentDictionary<StatusCode, int>();
        var faults = new ConcurrentQueue<string>();
        var next = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var number && number < messages && clock.Elapsed < Limit)
            {
                cancellation.ThrowIfCancellationRequested();
                var random = new Random(SeedOf(target, number));
                var requests = Enumerable.Range(0, target.Method.IsClientStreaming ? random.Next(4) : 1).Select(_ => target.Request(random, Names)).ToArray();
                var code = StatusCode.OK;
                try
                {
                    await CallAsync(target, Callers[random.Next(Callers.Count)], requests, cancellation);
                }
                catch (RpcException e)
                {
                    code = e.StatusCode;
                    if (Check.FaultOf(e) is { } fault && faults.Count < MostFaults) faults.Enqueue($"message {number} of seed {Seed}: {fault}\n    {Hex(requests)}");
                }

                codes.AddOrUpdate(code, 1, (_, count) => count + 1);
            }
        }));
        return new FuzzReport(target, codes, [.. faults]);
    }

    /// <summary>The first answer is enough: it says whether and how the call was taken.</summary>
    private static async Task CallAsync(FuzzTarget target, CallInvoker caller, byte[][] requests, CancellationToken cancellation)
    {
        var type = (target.Method.IsClientStreaming, target.Method.IsServerStreaming) switch
        {
            (true, false) => MethodType.ClientStreaming,
            (false, true) => MethodType.ServerStreaming,
            (false, false) => MethodType.Unary,
            _ => throw new NotSupportedException($"{target} streams both ways."),
        };
        var method = new Method<byte[], byte[]>(type, target.Method.Service.FullName, target.Method.Name, Raw, Raw);
        var patience = type == MethodType.ServerStreaming ? StreamPatience : Patience;
        var options = new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + patience, cancellationToken: cancellation);
        switch (type)
        {
            case MethodType.Unary:
                await caller.AsyncUnaryCall(method, null, options, requests[0]);
                break;
            case MethodType.ServerStreaming:
                using (var call = caller.AsyncServerStreamingCall(method, null, options, requests[0])) await call.ResponseStream.MoveNext(cancellation);
                break;
            default:
                using (var call = caller.AsyncClientStreamingCall(method, null, options)) await StreamAsync(call, requests, cancellation);
                break;
        }
    }

    private static async Task StreamAsync(AsyncClientStreamingCall<byte[], byte[]> call, byte[][] requests, CancellationToken cancellation)
    {
        try
        {
            foreach (var request in requests) await call.RequestStream.WriteAsync(request, cancellation);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // Refused before all was sent: the answer says why.
        }

        await call;
    }

    private int SeedOf(FuzzTarget target, int number)
    {
        // Not string.GetHashCode, which differs from process to process. FNV-1a.
        var hash = 2166136261u;
        foreach (var value in Encoding.UTF8.GetBytes($"{Seed} {target} {number}")) hash = (hash ^ value) * 16777619;
        return unchecked((int)hash);
    }

    private static string Hex(byte[][] requests)
    {
        var text = string.Join(" | ", requests.Select(Convert.ToHexStringLower));
        return text.Length <= LongestHex ? text : text[..LongestHex] + "…";
    }
}
