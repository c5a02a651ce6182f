using Google.Protobuf.WellKnownTypes;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Protocol;

/// <summary>
/// Says at intervals that the process runs, and what processor time it has taken, from a thread of its own: neither a job that computes nor a
/// full thread pool holds it up. A process that is stopped, or whose runtime is stuck, falls silent; one whose threads wait for each other
/// says that it takes no processor time. Says nothing once it is disposed.
/// </summary>
public sealed class WorkerHeartbeat : IDisposable
{
    /// <summary>Time between two heartbeats of a worker, far below what a silo takes for silence.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly MessageChannel<WorkerInput, WorkerOutput> channel;
    private readonly TimeSpan interval;
    private readonly ManualResetEventSlim stopped = new();
    private readonly Thread thread;

    /// <summary>Begins; the first heartbeat comes after one interval.</summary>
    /// <param name="channel">The worker's end.</param>
    /// <param name="interval">Time between two heartbeats.</param>
    public WorkerHeartbeat(MessageChannel<WorkerInput, WorkerOutput> channel, TimeSpan interval)
    {
        (this.channel, this.interval) = (channel, interval);
        thread = new Thread(Beat) { IsBackground = true, Name = "heartbeat" };
        thread.Start();
    }

    public void Dispose()
    {
        stopped.Set();
        thread.Join();
        stopped.Dispose();
    }

    private void Beat()
    {
        try
        {
            while (!stopped.Wait(interval))
                channel.Write(new WorkerOutput { Heartbeat = new Heartbeat { ProcessorTime = Duration.FromTimeSpan(Environment.CpuUsage.TotalTime) } });
        }
        catch (IOException)
        {
            // The silo is gone: whoever reads from it ends the process.
        }
    }
}
