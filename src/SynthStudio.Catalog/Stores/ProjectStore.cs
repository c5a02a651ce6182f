namespace SynthStudio.Catalog;

/// <summary>Projects and who is in them.</summary>
public sealed class ProjectStore
{
    private readonly IDbContextFactory<CatalogContext> _contexts;

    internal ProjectStore(IDbContextFactory<CatalogContext> contexts) => _contexts = contexts;

    /// <summary>The project of this name; null when there is none.</summary>
    public async Task<ProjectRecord?> FindAsync(string name, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Projects.AsNoTracking().FirstOrDefaultAsync(p => p.Name == name, cancellation);
    }

    /// <summary>Projects, newest first: those of one member, or all.</summary>
    /// <param name="member">A user's name; null lists all.</param>
    /// <param name="page">Where to start and how many.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<Page<ProjectRecord>> ListAsync(string? member, PageRequest page, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        var projects = context.Projects.AsNoTracking();
        if (member is not null)
            projects = projects.Where(p => context.Members.Any(m => m.Project == p.Name && m.User == member));
        return await projects.PageAsync(page, cancellation);
    }

    /// <summary>Creates a project; its creator becomes its first owner.</summary>
    /// <exception cref="AlreadyExistsException">The name is taken.</exception>
    public async Task CreateAsync(ProjectRecord project, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        context.Add(project);
        context.Add(new ProjectMemberRecord { Project = project.Name, User = project.Creator, Role = ProjectRole.Owner });
        await context.SaveNewAsync(project.Name, cancellation);
    }

    /// <summary>Changes the display name and answers the project with its new version.</summary>
    /// <exception cref="VersionConflictException">It has changed since it was read, or is gone.</exception>
    public async Task<ProjectRecord> UpdateAsync(ProjectRecord project, CancellationToken cancellation = default)
    {
        var next = project with { Version = project.Version + 1 };
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        var changed = await context.Projects.Where(p => p.Name == project.Name && p.Version == project.Version).ExecuteUpdateAsync(
            set => set.SetProperty(p => p.DisplayName, next.DisplayName)
                .SetProperty(p => p.UpdateTime, next.UpdateTime)
                .SetProperty(p => p.Version, next.Version),
            cancellation);
        return changed == 1 ? next : throw new VersionConflictException(project.Name, project.Version);
    }

    /// <summary>Deletes a project without contents. False when there is no such project.</summary>
    /// <exception cref="ProjectNotEmptyException">Something lives in it.</exception>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var occupied = await context.Datasets.AnyAsync(d => d.Project == name, cancellation)
            || await context.Generators.AnyAsync(g => g.Project == name, cancellation)
            || await context.SyntheticDatasets.AnyAsync(s => s.Project == name, cancellation)
            || await context.Evaluations.AnyAsync(e => e.Project == name, cancellation);
        if (occupied) throw new ProjectNotEmptyException(name);
        await context.Members.Where(m => m.Project == name).ExecuteDeleteAsync(cancellation);
        var deleted = await context.Projects.Where(p => p.Name == name).ExecuteDeleteAsync(cancellation) > 0;
        await transaction.CommitAsync(cancellation);
        return deleted;
    }

    /// <summary>A user's role in a project; null when it is no member.</summary>
    public async Task<ProjectRole?> FindRoleAsync(string project, string user, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Members.Where(m => m.Project == project && m.User == user).Select(m => (ProjectRole?)m.Role)
            .FirstOrDefaultAsync(cancellation);
    }

    /// <summary>The members of a project, by name.</summary>
    public async Task<IReadOnlyList<ProjectMemberRecord>> ListMembersAsync(string project, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Members.AsNoTracking().Where(m => m.Project == project).OrderBy(m => m.User).ToListAsync(cancellation);
    }

    /// <summary>Sets a member's role, or with null removes the member. A project keeps at least one owner.</summary>
    /// <exception cref="LastOwnerException">It would leave the project without owner.</exception>
    public async Task SetRoleAsync(string project, string user, ProjectRole? role, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        await context.Members.Where(m => m.Project == project && m.User == user).ExecuteDeleteAsync(cancellation);
        if (role is { } given)
        {
            context.Add(new ProjectMemberRecord { Project = project, User = user, Role = given });
            await context.SaveChangesAsync(cancellation);
        }

        if (!await context.Members.AnyAsync(m => m.Project == project && m.Role == ProjectRole.Owner, cancellation))
            throw new LastOwnerException(project);
        await transaction.CommitAsync(cancellation);
    }
}
