using System.Collections.Concurrent;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Authorization;

/// <summary>Roles of users in projects, remembered for a few seconds so that most calls ask no database.</summary>
/// <remarks>A change made through this process counts at once; one made through another replica within <see cref="Lifetime"/>.</remarks>
internal sealed class MembershipCache(ProjectStore projects, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3);
    private const int Capacity = 20_000;

    private readonly ConcurrentDictionary<Membership, Entry> _entries = new();
    private readonly Lock _changing = new();
    private long _generation;

    /// <summary>The user's role in the project; null when it is no member or there is no such project.</summary>
    public ValueTask<ProjectRole?> FindRoleAsync(string project, string user, CancellationToken cancellation) =>
        _entries.TryGetValue(new(project, user), out var entry) && IsGood(entry)
            ? new ValueTask<ProjectRole?>(entry.Role)
            : new ValueTask<ProjectRole?>(LoadRoleAsync(project, user, cancellation));

    /// <summary>Whether the project exists; for administrators, who need no membership.</summary>
    public ValueTask<bool> ProjectExistsAsync(string project, CancellationToken cancellation) =>
        _entries.TryGetValue(Membership.OfProject(project), out var entry) && IsGood(entry)
            ? new ValueTask<bool>(true)
            : new ValueTask<bool>(LookForProjectAsync(project, cancellation));

    /// <summary>Whether the project was deleted and the caller owned it, or is an administrator.</summary>
    public async ValueTask<bool> IsFormerOwnerAsync(string project, Caller caller, CancellationToken cancellation) => caller.IsAdmin
        ? await projects.FindAnyAsync(project, cancellation) is { DeleteTime: not null }
        : await projects.FindFormerRoleAsync(project, caller.User, cancellation) == ProjectRole.Owner;

    /// <summary>Forgets what is known of a project.</summary>
    public void Invalidate(string project)
    {
        lock (_changing)
        {
            _generation++;
            foreach (var key in _entries.Keys.Where(key => key.Project == project)) _entries.TryRemove(key, out _);
        }
    }

    private bool IsGood(Entry entry) => time.GetElapsedTime(entry.Timestamp) < Lifetime;

    private async Task<bool> LookForProjectAsync(string project, CancellationToken cancellation)
    {
        var generation = Volatile.Read(ref _generation);
        if (await projects.FindAsync(project, cancellation) is null) return false;
        Keep(Membership.OfProject(project), null, generation);
        return true;
    }

    private async Task<ProjectRole?> LoadRoleAsync(string project, string user, CancellationToken cancellation)
    {
        var generation = Volatile.Read(ref _generation);
        var role = await projects.FindRoleAsync(project, user, cancellation);
        if (role is not null) Keep(new(project, user), role, generation); // Strangers are not kept: they could name any number of projects.
        return role;
    }

    /// <summary>
    /// Remembers what was read since a generation began, unless something was to be forgotten since: it may
    /// have been read before that changed.
    /// </summary>
    private void Keep(Membership key, ProjectRole? role, long generation)
    {
        var entry = new Entry(role, time.GetTimestamp());
        lock (_changing)
        {
            if (generation != _generation) return;
            if (_entries.Count >= Capacity) _entries.Clear();
            _entries[key] = entry;
        }
    }

    /// <summary>
    /// What an entry is found by. Not a tuple, whose code is shared by all pairs of references: it would look up how
    /// to compare strings at every call.
    /// </summary>
    private readonly record struct Membership(string Project, string User)
    {
        /// <summary>What stands for the project itself.</summary>
        public static Membership OfProject(string project) => new(project, "");
    }

    private readonly record struct Entry(ProjectRole? Role, long Timestamp);
}
