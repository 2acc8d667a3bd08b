// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Simulation;

/// <summary>
/// A plan as a list of steps, <c>lanes</c> for each addition that has a product at all: which weight each step takes, and which activation, out of one padded plane
/// of operands for each digit.
/// </summary>
internal sealed unsafe class OrderedOperands
{
    private readonly FastEngineGeometry geometry;
    private readonly List<int> weightOfStep = [];
    private readonly List<Plane> planes = [];
    private readonly List<Copy> copies = [];
    private readonly int[] firstStep;
    private readonly int[] rows;

    public OrderedOperands(AccumulationPlan plan, FastEngineGeometry geometry)
    {
        this.geometry = geometry;
        firstStep = new int[plan.Segments.Length];
        rows = new int[plan.Segments.Length];
        for (int s = 0; s < plan.Segments.Length; s++)
        {
            AddSegment(plan, s);
        }
    }

    /// <summary>Products of one output, holes of started additions included.</summary>
    public int Steps => weightOfStep.Count;

    /// <summary>Elements of one image's planes.</summary>
    public int PlaneElements => planes.Count * geometry.Elements;

    /// <summary>First step of a segment.</summary>
    public int FirstStep(int segment) => firstStep[segment];

    /// <summary>Additions of a segment; those without a product are left out, adding nothing.</summary>
    public int RowsOf(int segment) => rows[segment];

    /// <summary>Flat index of the weight of a step, or -1 for a hole.</summary>
    public int WeightOf(int step) => weightOfStep[step];

    /// <summary>One image's planes: its padded codes, cut into digits where segments want digits.</summary>
    public void FillPlanes<T>(int* codes, T* destination)
        where T : unmanaged, IBinaryInteger<T>
    {
        foreach (Plane plane in planes)
        {
            geometry.FillBorder(destination, 0);
            geometry.FillInside(codes, destination, 0);
            if (plane.Mask != -1)
            {
                T mask = T.CreateTruncating(plane.Mask);
                for (int i = 0; i < geometry.Elements; i++)
                {
                    destination[i] = (destination[i] >>> plane.Shift) & mask;
                }
            }
            destination += geometry.Elements;
        }
    }

    /// <summary>The operands of one pixel, step by step.</summary>
    public void Pack<T>(T* image, int pixel, T* destination)
        where T : unmanaged
    {
        T* window = image + geometry.Base(pixel);
        foreach (Copy copy in copies)
        {
            new ReadOnlySpan<T>(window + copy.Source, copy.Length).CopyTo(new Span<T>(destination + copy.Step, copy.Length));
        }
    }

    private void AddSegment(AccumulationPlan plan, int index)
    {
        PlanSegment segment = plan.Segments[index];
        firstStep[index] = Steps;
        int plane = PlaneOf(segment, plan.DigitWidth);
        ReadOnlySpan<int> ks = segment.K.AsSpan();
        for (int first = 0; first < ks.Length; first += plan.Lanes)
        {
            ReadOnlySpan<int> row = ks.Slice(first, plan.Lanes);
            if (row.IndexOfAnyExcept(-1) < 0)
            {
                continue;
            }
            rows[index]++;
            foreach (int k in row)
            {
                if (k >= 0)
                {
                    AddCopy((plane * geometry.Elements) + geometry.Offset(k), Steps);
                }
                weightOfStep.Add(k);
            }
        }
    }

    /// <summary>Joins steps that are side by side in memory as well.</summary>
    private void AddCopy(int source, int step)
    {
        if (copies.Count > 0 && copies[^1] is var last && last.Source + last.Length == source && last.Step + last.Length == step)
        {
            copies[^1] = last with { Length = last.Length + 1 };
            return;
        }
        copies.Add(new Copy(source, step, 1));
    }

    private int PlaneOf(PlanSegment segment, int digitWidth)
    {
        Plane plane = segment.WholeCode ? new(0, -1) : new(segment.Digit * digitWidth, (1 << digitWidth) - 1);
        int index = planes.IndexOf(plane);
        if (index < 0)
        {
            index = planes.Count;
            planes.Add(plane);
        }
        return index;
    }

    /// <summary>A digit of the code, or the whole code where the mask is -1.</summary>
    private readonly record struct Plane(int Shift, int Mask);

    /// <summary>Operands that are copied together.</summary>
    private readonly record struct Copy(int Source, int Step, int Length);
}
