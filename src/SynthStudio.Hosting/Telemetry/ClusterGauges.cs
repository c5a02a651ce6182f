using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using SynthStudio.Orchestration;

namespace SynthStudio.Hosting;

/// <summary>The cluster as its scheduler sees it, as gauges that every process shows: queue, leases, silos, slots.</summary>
internal sealed class ClusterGauges : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private volatile ClusterSnapshot? _cluster;

    public ClusterGauges(IGrainFactory grains, TimeProvider time, IMeterFactory meters)
    {
        (_grains, _time) = (grains, time);
        _meter = meters.Create("SynthStudio");
        Gauge("synthstudio.queue.length", "{job}", "Jobs that wait.", cluster => cluster.Queued);
        Gauge("synthstudio.queue.leased", "{job}", "Jobs that silos hold.", cluster => cluster.Leased);
        Gauge("synthstudio.silos", "{silo}", "Compute silos that take work.", cluster => cluster.Silos.Count(s => !s.Draining));
        Gauge("synthstudio.slots", "{slot}", "Jobs that they can run at once.", cluster => cluster.Silos.Where(s => !s.Draining).Sum(s => s.Slots));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    _cluster = await _grains.GetGrain<ISchedulerGrain>(0).GetClusterAsync().WaitAsync(stoppingToken);
                }
                catch (Exception e) when (e is TimeoutException or OrleansException or System.Data.Common.DbException)
                {
                    _cluster = null; // No gauge is better than an old one; health says why.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private void Gauge(string name, string unit, string description, Func<ClusterSnapshot, int> read) => _meter.CreateObservableGauge(
        name, () => _cluster is { } cluster ? [new Measurement<int>(read(cluster))] : Array.Empty<Measurement<int>>(), unit, description);
}
