using System.Collections;

namespace Kitaru.Generators.Support;

/// <summary>
/// A list that is equal by its items, so that an unchanged result stops the incremental pipeline. Everything that flows through the
/// pipeline is a class: over a structure the compiler's tables would be compiled anew, which costs a cold build 200 ms.
/// </summary>
internal sealed class EquatableList<T>(T[] items) : IEquatable<EquatableList<T>>, IReadOnlyList<T>
    where T : class
{
    private readonly T[] _items = items;

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    /// <summary>Binary search: the items must stand in the comparer's order.</summary>
    public bool ContainsSorted(T item, IComparer<T> order) => Array.BinarySearch(_items, item, order) >= 0;

    public bool Equals(EquatableList<T>? other)
    {
        if (other is null || Count != other.Count)
            return false;
        for (int i = 0; i < _items.Length; i++)
        {
            if (!_items[i].Equals(other._items[i]))
                return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as EquatableList<T>);

    public override int GetHashCode()
    {
        int hash = 17;
        foreach (var item in _items)
            hash = unchecked((hash * 31) + item.GetHashCode());
        return hash;
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
