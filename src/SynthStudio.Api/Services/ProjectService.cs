using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Assistant;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Lifecycle;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Replicas;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Assistant;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Services;

internal sealed class ProjectService(
    ProjectStore projects, UserStore users, ServiceAccountStore programs, MembershipCache members, ProjectLifecycle lifecycle,
    Deletions deletions, ProjectContentsReader contents, JobUsageStore usage, ArrivalStore arrivals, AssistantUsageStore assistant,
    ProjectStorage storage, Revocations revocations, MadeKeys madeKeys, EndedConsents consents, PageTokens pages, ApiOptions options,
    TimeProvider time)
    : V1.ProjectService.ProjectServiceBase
{
    private const int DefaultUsage = 12;
    private const int LongestUsage = 24;
    private static readonly TimeSpan StoppingRetry = TimeSpan.FromSeconds(2);

    public override async Task<V1.ListProjectsResponse> ListProjects(V1.ListProjectsRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var user = caller.IsAdmin ? null : caller.User;
        var (items, next) = await pages.ReadAsync(
            context, $"{caller.User}\n{request.Deleted}", request.PageSize, request.PageToken,
            page => request.Deleted
                ? projects.ListDeletedAsync(user, page, context.CancellationToken)
                : projects.ListAsync(user, page, context.CancellationToken));
        var response = new V1.ListProjectsResponse { NextPageToken = next };
        foreach (var project in items)
            response.Projects.Add(request.Deleted
                ? project.ToProto(await projects.FindFormerRoleAsync(project.Name, caller.User, context.CancellationToken))
                : await MapAsync(project, context));
        return response;
    }

    public override async Task<V1.Project> GetProject(V1.GetProjectRequest request, ServerCallContext context) =>
        await MapAsync(await FindAsync(request.Name, context), context);

    public override async Task<V1.Project> CreateProject(V1.CreateProjectRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.Project, "project");
        if (await programs.IsProgramAsync(Caller.Of(context).User, context.CancellationToken))
            throw ApiErrors.PermissionDenied(ErrorReasons.RoleTooLow, "Service accounts work in the project that they are of; only people make projects.");
        var now = time.Now();
        var project = new ProjectRecord
        {
            Name = "projects/" + ResourceIds.Choose(context, "project_id", request.ProjectId, request.RequestId),
            DisplayName = Check.DisplayName(wanted.DisplayName, "project.display_name"),
            Retention = wanted.Retention.ToRecord("project.retention"),
            Creator = Caller.Of(context).User,
            CreateTime = now,
            UpdateTime = now,
        };
        project = await RepeatableCreation.CreateOrTakeUpAsync(
            request.RequestId, project,
            () => CreateAsync(project, context),
            () => projects.FindAsync(project.Name, context.CancellationToken),
            left => left.Version == 1 && left.Creator == project.Creator && left.DisplayName == project.DisplayName);
        return project.ToProto(ProjectRole.Owner);
    }

    public override async Task<V1.Project> UpdateProject(V1.UpdateProjectRequest request, ServerCallContext context)
    {
        var paths = UpdateMasks.Resolve(request.UpdateMask, "display_name", "retention");
        var project = await FindAsync(request.Project.Name, context);
        Etags.Check(request.Project.Etag, project.Name, project.Version);
        var changed = project with
        {
            DisplayName = paths.Contains("display_name") ? Check.DisplayName(request.Project.DisplayName, "project.display_name") : project.DisplayName,
            Retention = paths.Contains("retention") ? request.Project.Retention.ToRecord("project.retention") : project.Retention,
            UpdateTime = time.Now(),
        };
        return await MapAsync(await projects.UpdateAsync(changed, context.CancellationToken), context);
    }

    public override async Task<V1.Project> DeleteProject(V1.DeleteProjectRequest request, ServerCallContext context)
    {
        var project = await FindAsync(request.Name, context);
        Etags.Check(request.Etag, project.Name, project.Version);
        var now = time.Now();
        var deleted = await projects.UpdateAsync(
            project with { DeleteTime = now, PurgeTime = now + options.ProjectGrace, UpdateTime = now }, context.CancellationToken);
        await revocations.ProjectChangedAsync(project.Name);
        await lifecycle.StopJobsAsync(project.Name, context.CancellationToken); // What does not stop now is stopped by housekeeping.
        return deleted.ToProto(ProjectRole.Owner);
    }

    public override async Task<V1.Project> UndeleteProject(V1.UndeleteProjectRequest request, ServerCallContext context)
    {
        var project = await FindDeletedAsync(request.Name, context);
        deletions.DemandRestorable(project.Name, project.DeleteTime, project.PurgeTime);
        var back = await projects.UpdateAsync(project with { DeleteTime = null, PurgeTime = null, UpdateTime = time.Now() }, context.CancellationToken);
        await revocations.ProjectChangedAsync(project.Name);
        return await MapAsync(back, context);
    }

    public override async Task<Empty> PurgeProject(V1.PurgeProjectRequest request, ServerCallContext context)
    {
        var project = await FindDeletedAsync(request.Name, context);
        return await lifecycle.TryPurgeAsync(project.Name, note: null, context.CancellationToken)
            ? new Empty()
            : throw ApiErrors.Unavailable(ErrorReasons.JobsStopping, $"Jobs of {project.Name} have not stopped yet.", StoppingRetry);
    }

    public override async Task<V1.Project> TransferProject(V1.TransferProjectRequest request, ServerCallContext context)
    {
        var project = await FindAsync(request.Name, context);
        await CheckUserAsync(request.User, "user", context);
        await CheckOwnerAsync(request.User, "user", context);
        var caller = Caller.Of(context).User;
        if (request.User == caller) throw ApiErrors.InvalidField("user", "is you; name somebody else.");
        var revoked = await projects.TransferAsync(project.Name, caller, request.User, time.Now(), context.CancellationToken);
        await ChangedAsync(project.Name, caller, revoked, context);
        return project.ToProto(ProjectRole.Editor);
    }

    public override async Task<V1.PreviewRetentionResponse> PreviewRetention(V1.PreviewRetentionRequest request, ServerCallContext context)
    {
        var project = await FindAsync(request.Name, context);
        var policy = request.Retention is null ? project.Retention : request.Retention.ToRecord("retention");
        var plan = RetentionPlan.Make(await contents.ReadAsync(project.Name, context.CancellationToken), policy, time.GetUtcNow());
        return new V1.PreviewRetentionResponse
        {
            Removed = { plan.Removed.Select(item => item.ToProto()) }, Kept = { plan.Kept.Select(item => item.ToProto()) },
        };
    }

    public override async Task<V1.ProjectUsage> GetProjectUsage(V1.GetProjectUsageRequest request, ServerCallContext context)
    {
        if (request.Months is < 0 or > LongestUsage) throw ApiErrors.InvalidField("months", $"must be 1 to {LongestUsage}, or 0 for {DefaultUsage}.");
        var project = ResourceName.Parent(request.Name);
        var stored = await storage.ReadAsync(project, context.CancellationToken);
        var answer = new V1.ProjectUsage { Name = request.Name, StoredBytes = stored.Stored, DeletedBytes = stored.Deleted, ClaimedBytes = stored.Claimed };
        var month = ProjectMapping.MonthStart(time.GetUtcNow());
        for (var i = request.Months == 0 ? DefaultUsage : request.Months; i > 0; i--, month = month.AddMonths(-1))
        {
            var kinds = await usage.ListAsync(project, month, month.AddMonths(1), context.CancellationToken);
            var came = await arrivals.ListAsync(project, month, month.AddMonths(1), context.CancellationToken);
            var asked = await assistant.ListAsync(project, DateOnly.FromDateTime(month.UtcDateTime), context.CancellationToken);
            if (kinds.Count + came.Count + asked.Count == 0) continue;
            answer.Months.Add(new V1.MonthlyUsage
            {
                Month = ProjectMapping.MonthOf(month), Kinds = { kinds.Select(kind => kind.ToProto()) }, Assistant = { asked.Select(use => use.ToProto()) },
                Arrivals = { came.Select(from => from.ToProto()) }, AddedBytes = ProjectMapping.AddedBytes(kinds, came),
            });
        }

        return answer;
    }

    public override async Task<V1.ListProjectMembersResponse> ListProjectMembers(V1.ListProjectMembersRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken,
            async page => Lists.PageOf(
                await projects.ListMembersAsync(request.Parent, context.CancellationToken), page,
                member => new PageCursor(DateTimeOffset.UnixEpoch, member.User)));
        return new V1.ListProjectMembersResponse { Members = { items.Select(member => member.ToProto()) }, NextPageToken = next };
    }

    public override async Task<V1.ProjectMember> SetProjectMember(V1.SetProjectMemberRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.Member, "member");
        var role = wanted.Role.ToRecord("member.role");
        var keepMade = MadeKeys.AreKept(request.HasRevokeMadeKeys, request.RevokeMadeKeys);
        if (keepMade) MadeKeys.DemandAnother(wanted.User, context);
        await CheckUserAsync(wanted.User, "member.user", context);
        if (role == ProjectRole.Owner) await CheckOwnerAsync(wanted.User, "member.user", context);
        if (await programs.FindProjectAsync(wanted.User, context.CancellationToken) is { } home && home != request.Parent)
            throw ApiErrors.InvalidField("member.user", "is a service account of another project, and works in that one only. Make one here.");
        var revoked = await projects.SetRoleAsync(request.Parent, wanted.User, role, keepMade ? null : time.Now(), context.CancellationToken);
        await ChangedAsync(request.Parent, wanted.User, revoked, context);
        var member = new ProjectMemberRecord { Project = request.Parent, User = wanted.User, Role = role }.ToProto();
        member.RevokedApiKeys.Add(revoked);
        return member;
    }

    public override async Task<V1.DeleteProjectMemberResponse> DeleteProjectMember(V1.DeleteProjectMemberRequest request, ServerCallContext context)
    {
        var project = ResourceName.Root(request.Name);
        var user = "users/" + ResourceName.Id(request.Name);
        var keepMade = MadeKeys.AreKept(request.HasRevokeMadeKeys, request.RevokeMadeKeys);
        if (keepMade) MadeKeys.DemandAnother(user, context);
        if (await projects.FindRoleAsync(project, user, context.CancellationToken) is null) throw ApiErrors.NotFound(request.Name);
        var revoked = await projects.SetRoleAsync(project, user, role: null, keepMade ? null : time.Now(), context.CancellationToken);
        await ChangedAsync(project, user, revoked, context);
        return new V1.DeleteProjectMemberResponse { RevokedApiKeys = { revoked } };
    }

    private async Task CreateAsync(ProjectRecord project, ServerCallContext context)
    {
        // Administrators set the shares of projects: there is nothing that they would pass by.
        var most = Caller.Of(context).IsAdmin || options.MaxProjectsPerUser is null or 0 ? int.MaxValue : options.MaxProjectsPerUser.Value;
        if (await projects.TryCreateAsync(project, most, context.CancellationToken)) return;
        throw ApiErrors.QuotaExceeded(
            project.Creator, "projects", left: 0,
            $"{project.Creator} has made {most} projects, as many as anyone may. Delete and purge one, or have an administrator make it and transfer it to you.");
    }

    /// <summary>Has it known everywhere that a user has another role, or none, and lost keys and consents by that.</summary>
    private async Task ChangedAsync(string project, string user, IReadOnlyList<string> revoked, ServerCallContext context)
    {
        if (revoked.Count > 0) await revocations.CredentialsChangedAsync();
        await revocations.ProjectChangedAsync(project);
        await madeKeys.NoteAsync(revoked, user, context);
        await consents.EndAsync(user, context);
    }

    private async Task CheckUserAsync(string user, string field, ServerCallContext context)
    {
        if (!ResourcePattern.User.Matches(user)) throw ApiErrors.InvalidField(field, "must be a name like users/*.", ErrorReasons.InvalidName);
        if (await users.FindAsync(user, context.CancellationToken) is not { Disabled: false }) throw ApiErrors.NotFound(user);
    }

    private async Task CheckOwnerAsync(string user, string field, ServerCallContext context)
    {
        if (await programs.IsProgramAsync(user, context.CancellationToken)) throw ApiErrors.InvalidField(field, "is a service account; only people own projects.");
    }

    private async Task<ProjectRecord> FindDeletedAsync(string name, ServerCallContext context) =>
        await projects.FindAnyAsync(name, context.CancellationToken) is { DeleteTime: not null } project ? project : throw ApiErrors.NotFound(name);

    private async Task<ProjectRecord> FindAsync(string name, ServerCallContext context) =>
        await projects.FindAsync(name, context.CancellationToken) ?? throw ApiErrors.NotFound(name);

    private async Task<V1.Project> MapAsync(ProjectRecord project, ServerCallContext context) =>
        project.ToProto(await members.FindRoleAsync(project.Name, Caller.Of(context).User, context.CancellationToken));
}
