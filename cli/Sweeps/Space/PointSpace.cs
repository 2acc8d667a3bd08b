// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Cli.Sweeps.Space;

/// <summary>
/// All points of a sweep's axes. A point is an index into the values of each axis, -1 where the axis takes no part there; in order, the last axis changes fastest.
/// </summary>
public sealed class PointSpace(ImmutableArray<SweepAxis> axes)
{
    /// <summary>Where an axis takes no part.</summary>
    public const int Absent = -1;

    /// <summary>The axes.</summary>
    public ImmutableArray<SweepAxis> Axes { get; } = axes;

    /// <summary>All points in order; each array is the caller's.</summary>
    public IEnumerable<int[]> All()
    {
        int[] point = new int[Axes.Length];
        for (int axis = 0; axis < point.Length; axis++)
        {
            point[axis] = First(point, axis);
        }

        while (true)
        {
            yield return (int[])point.Clone();
            int axis = point.Length - 1;
            while (axis >= 0 && (point[axis] == Absent || point[axis] == Axes[axis].Values.Length - 1))
            {
                axis--;
            }

            if (axis < 0)
            {
                yield break;
            }

            point[axis]++;
            for (axis++; axis < point.Length; axis++)
            {
                point[axis] = First(point, axis);
            }
        }
    }

    /// <summary>How many points there are, counted up to <paramref name="limit"/> + 1.</summary>
    public long Count(long limit)
    {
        if (Axes.All(axis => axis.When is null))
        {
            decimal product = 1;
            foreach (SweepAxis axis in Axes)
            {
                product = Math.Min(product * axis.Values.Length, (decimal)limit + 1);
            }

            return (long)product;
        }

        return All().Take((int)Math.Min(limit + 1, int.MaxValue)).LongCount();
    }

    /// <summary>Takes the axes out of a point that take no part there: every place of the full product is a point, some of them the same one.</summary>
    public void Reduce(Span<int> point)
    {
        for (int axis = 0; axis < point.Length; axis++)
        {
            if (Axes[axis].When is AxisCondition condition && !condition.Holds(point))
            {
                point[axis] = Absent;
            }
            else
            {
                point[axis] = Math.Max(point[axis], 0);
            }
        }
    }

    private int First(int[] point, int axis) => Axes[axis].When is AxisCondition condition && !condition.Holds(point) ? Absent : 0;
}
