using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Replicas;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

internal sealed class ProjectService(ProjectStore projects, UserStore users, MembershipCache members, Revocations revocations, PageTokens pages, TimeProvider time)
    : V1.ProjectService.ProjectServiceBase
{
    public override async Task<V1.ListProjectsResponse> ListProjects(V1.ListProjectsRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var (items, next) = await pages.ReadAsync(
            context, caller.User, request.PageSize, request.PageToken,
            page => projects.ListAsync(caller.IsAdmin ? null : caller.User, page, context.CancellationToken));
        var response = new V1.ListProjectsResponse { NextPageToken = next };
        foreach (var project in items) response.Projects.Add(await MapAsync(project, context));
        return response;
    }

    public override async Task<V1.Project> GetProject(V1.GetProjectRequest request, ServerCallContext context) =>
        await MapAsync(await FindAsync(request.Name, context), context);

    public override async Task<V1.Project> CreateProject(V1.CreateProjectRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.Project, "project");
        var now = time.Now();
        var project = new ProjectRecord
        {
            Name = "projects/" + ResourceIds.Choose(context, "project_id", request.ProjectId, request.RequestId),
            DisplayName = Check.DisplayName(wanted.DisplayName, "project.display_name"),
            Creator = Caller.Of(context).User,
            CreateTime = now,
            UpdateTime = now,
        };
        project = await RepeatableCreation.CreateOrTakeUpAsync(
            request.RequestId, project,
            () => projects.CreateAsync(project, context.CancellationToken),
            () => projects.FindAsync(project.Name, context.CancellationToken),
            left => left.Version == 1 && left.Creator == project.Creator && left.DisplayName == project.DisplayName);
        return project.ToProto(ProjectRole.Owner);
    }

    public override async Task<V1.Project> UpdateProject(V1.UpdateProjectRequest request, ServerCallContext context)
    {
        UpdateMasks.Resolve(request.UpdateMask, "display_name");
        var project = await FindAsync(request.Project.Name, context);
        Etags.Check(request.Project.Etag, project.Name, project.Version);
        var changed = project with
        {
            DisplayName = Check.DisplayName(request.Project.DisplayName, "project.display_name"),
            UpdateTime = time.Now(),
        };
        return await MapAsync(await projects.UpdateAsync(changed, context.CancellationToken), context);
    }

    public override async Task<Empty> DeleteProject(V1.DeleteProjectRequest request, ServerCallContext context)
    {
        var project = await FindAsync(request.Name, context);
        Etags.Check(request.Etag, project.Name, project.Version);
        await projects.DeleteAsync(project.Name, context.CancellationToken);
        await revocations.ProjectChangedAsync(project.Name);
        return new Empty();
    }

    public override async Task<V1.ListProjectMembersResponse> ListProjectMembers(V1.ListProjectMembersRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken,
            async page => PageOf(await projects.ListMembersAsync(request.Parent, context.CancellationToken), page));
        return new V1.ListProjectMembersResponse { Members = { items.Select(member => member.ToProto()) }, NextPageToken = next };
    }

    public override async Task<V1.ProjectMember> SetProjectMember(V1.SetProjectMemberRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.Member, "member");
        var role = wanted.Role switch
        {
            V1.ProjectRole.Viewer => ProjectRole.Viewer,
            V1.ProjectRole.Editor => ProjectRole.Editor,
            V1.ProjectRole.Owner => ProjectRole.Owner,
            _ => throw ApiErrors.InvalidField("member.role", "must be viewer, editor or owner."),
        };
        if (!ResourcePattern.User.Matches(wanted.User))
            throw ApiErrors.InvalidField("member.user", "must be a name like users/*.", ErrorReasons.InvalidName);
        if (await users.FindAsync(wanted.User, context.CancellationToken) is null) throw ApiErrors.NotFound(wanted.User);
        await projects.SetRoleAsync(request.Parent, wanted.User, role, context.CancellationToken);
        await revocations.ProjectChangedAsync(request.Parent);
        return new ProjectMemberRecord { Project = request.Parent, User = wanted.User, Role = role }.ToProto();
    }

    public override async Task<Empty> DeleteProjectMember(V1.DeleteProjectMemberRequest request, ServerCallContext context)
    {
        var project = ResourceName.Root(request.Name);
        var user = "users/" + ResourceName.Id(request.Name);
        if (await projects.FindRoleAsync(project, user, context.CancellationToken) is null) throw ApiErrors.NotFound(request.Name);
        await projects.SetRoleAsync(project, user, role: null, context.CancellationToken);
        await revocations.ProjectChangedAsync(project);
        return new Empty();
    }

    private async Task<ProjectRecord> FindAsync(string name, ServerCallContext context) =>
        await projects.FindAsync(name, context.CancellationToken) ?? throw ApiErrors.NotFound(name);

    private async Task<V1.Project> MapAsync(ProjectRecord project, ServerCallContext context) =>
        project.ToProto(await members.FindRoleAsync(project.Name, Caller.Of(context).User, context.CancellationToken));

    /// <summary>A page of members, by user name.</summary>
    private static Page<ProjectMemberRecord> PageOf(IReadOnlyList<ProjectMemberRecord> all, PageRequest page)
    {
        var rest = page.After is { } after ? all.Where(m => string.CompareOrdinal(m.User, after.Name) > 0).ToList() : all;
        return rest.Count <= page.Size
            ? new Page<ProjectMemberRecord>(rest, null)
            : new Page<ProjectMemberRecord>([.. rest.Take(page.Size)], new PageCursor(DateTimeOffset.UnixEpoch, rest[page.Size - 1].User));
    }
}
