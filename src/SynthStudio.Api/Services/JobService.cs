using SynthStudio.Api.Mapping;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

internal sealed class JobService(IGrainFactory grains, JobIndex index, JobDirectory jobs, PageTokens pages, WatchStreams watches)
    : V1.JobService.JobServiceBase
{
    public override async Task<V1.ListJobsResponse> ListJobs(V1.ListJobsRequest request, ServerCallContext context)
    {
        var subject = request.Subject.Length == 0 ? null : request.Subject;
        var filter = new JobFilter(request.Kind.ToWorkKind(), request.State.ToWorkState(), subject);
        var (items, next) = await pages.ReadAsync(
            context, $"{request.Parent}\n{filter}", request.PageSize, request.PageToken,
            page => index.ListAsync(request.Parent, filter, page, context.CancellationToken));
        return new V1.ListJobsResponse { Jobs = { items.Select(job => job.Snapshot.ToProto()) }, NextPageToken = next };
    }

    public override async Task<V1.Job> GetJob(V1.GetJobRequest request, ServerCallContext context)
    {
        var job = await jobs.GetAsync(request.Name, context.CancellationToken);
        return job.ToProto(job.State == WorkState.Queued ? await grains.GetGrain<ISchedulerGrain>(0).ExplainAsync(job.Name) : null);
    }

    public override async Task WatchJob(V1.WatchJobRequest request, IServerStreamWriter<V1.ProgressEvent> responseStream, ServerCallContext context)
    {
        var owner = await jobs.FindAsync(request.Name, context.CancellationToken);
        await watches.SendAsync(request.Name, owner.Kind, owner.Name, request.AfterSequence, request, responseStream, context);
    }

    public override async Task<V1.Job> CancelJob(V1.CancelJobRequest request, ServerCallContext context) =>
        (await jobs.CancelAsync(request.Name, context.CancellationToken)).ToProto();
}
